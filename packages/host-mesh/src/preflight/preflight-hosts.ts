import { assertNever, MESH_ATTACH_CONFIG_TIMEOUT, valueIn } from '@hostmesh/core';
import type { ConfigSnapshot } from '@hostmesh/core/snapshot';
import { encodeRequest, type Owner, type Transport } from '@hostmesh/protocol';
import type { CallFault } from '../call/call-fault.ts';
import { callHosts, type CallOutcome } from '../call/host-calls.ts';
import { systemClock, type Clock } from '../clock/clock.ts';
import { HostLinks } from '../links/host-links.ts';
import { DEFAULT_CONCURRENCY } from '../links/reach.ts';
import {
  cancelled,
  castFailed,
  rejected,
  replyChannelClosed,
  replyTimedOut,
  sendFailed,
  type ConfigPushFailure,
} from '../push/config-push-failure.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import { configDiff, type ConfigDiff } from './config-diff.ts';
import type { PreflightHostReport, PreflightReport } from './preflight-report.ts';
import { preflightWarnings, type Inspected } from './preflight-warnings.ts';

export interface PreflightOptions {
  readonly transport: Transport;
  /** What an attach would send. */
  readonly snapshot: ConfigSnapshot;
  readonly owner: Owner;
  /** Total deadline; the snapshot's `MESH_ATTACH_CONFIG_TIMEOUT` when absent. */
  readonly timeoutMs?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** For tests; the system's clock when absent. */
  readonly clock?: Clock;
}

/** What was learned of a host without comparing it with others. */
type Looked = Omit<PreflightHostReport, 'warnings'> & Pick<Inspected, 'target' | 'clockOffset'>;

const noDiff: ConfigDiff = { changes: [], shadowedKeys: [], unknownKeys: [] };

/**
 * Looks at every host as an attach would meet it, and sends no config: whether it can be reached, who it is, what an
 * attach would change there, and what looks wrong. By the deadline at the latest; failures are those of a push.
 */
export async function preflight(ref: HostMeshRef, options: PreflightOptions): Promise<PreflightReport> {
  const { transport, snapshot, owner, signal, clock = systemClock } = options;
  const { timeoutMs = valueIn(snapshot.attrs, MESH_ATTACH_CONFIG_TIMEOUT) } = options;
  const { concurrency = DEFAULT_CONCURRENCY } = options;
  const links = new HostLinks();
  const outcomes = new Map<number, CallOutcome<'config_dump'>>();
  await callHosts(
    ref.targets,
    encodeRequest({ type: 'config_dump', id: links.nextRequestId('dump') }),
    { transport, links, timeoutMs, concurrency, clock, signal },
    (rank, outcome) => outcomes.set(rank, outcome),
  );
  links.closeAll();
  const looked = ref.targets.flatMap((target) => {
    const outcome = outcomes.get(target.rank);
    return outcome === undefined ? [] : [lookedAt(target, outcome, snapshot)];
  });
  const warnings = preflightWarnings(looked, owner);
  return {
    digest: snapshot.digest,
    hosts: looked.map(({ target: _, clockOffset: _clock, ...host }, index) => ({
      ...host,
      warnings: warnings[index] ?? [],
    })),
  };
}

function lookedAt(
  { rank, address: target, text }: HostTarget,
  outcome: CallOutcome<'config_dump'>,
  snapshot: ConfigSnapshot,
): Looked {
  const hello = outcome.connection?.hello ?? null;
  const clockOffset = outcome.connection?.clockOffset ?? null;
  const host = { rank, target, address: text, hello, clockOffset };
  if (!outcome.ok)
    return { ...host, ...noDiff, failure: failureOf(outcome.fault), config: null, connectMs: null };
  const { answer, connectMs } = outcome;
  const diff = configDiff(answer.entries, snapshot.attrs);
  return { ...host, ...diff, failure: null, config: answer.config, connectMs };
}

/** The failure that a push would have met, which a person knows how to read. */
function failureOf(fault: CallFault): ConfigPushFailure {
  switch (fault.kind) {
    case 'unreachable':
      return sendFailed(fault.fault);
    case 'own_limit':
      return castFailed(`${fault.fault.message} (${fault.fault.code})`, 'own_limit');
    case 'closed':
      return replyChannelClosed(fault.closed.code, fault.closed.message);
    case 'refused':
      return rejected(fault.fault, 0);
    case 'timed_out':
      return replyTimedOut(fault.phase, fault.afterMs);
    case 'cancelled':
      return cancelled(fault.phase);
    default:
      return assertNever(fault);
  }
}
