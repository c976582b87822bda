import { countOf } from '@hostmesh/core';
import {
  encodeRequest,
  type AnswerOf,
  type Owner,
  type ProcReport,
  type RequestOf,
} from '@hostmesh/protocol';
import { printCallFault, type CallFault } from '../call/call-fault.ts';
import { callHosts, type CallOptions, type CallOutcome } from '../call/host-calls.ts';
import type { ProcFeed } from '../monitor/proc-feed.ts';
import type { HostTarget } from '../ref/host-ref.ts';

/** Options of `stop` and `shutdown`. */
export interface EndOptions {
  /** Total deadline; 40 s when absent, or longer when that is too short for the procs that are to be ended. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Shuts down also hosts that another client has taken over; that ends this client's work, too. */
  readonly evenIfTakenOver?: boolean;
}

/** `MESH_TERMINATE_TIMEOUT` and 30 s, the barrier of reference section 5.2; ours is a total, and the least of it. */
export const END_TIMEOUT_MS = 40_000;

/**
 * How stop or shutdown went on one host; the reference throws this away (sections 5.2, 5.3 "Improve on it").
 * - `done`: the host said so
 * - `refused`: the host, or our rule not to end what another client has taken over, said no
 * - `unreachable`: the host could not be asked, or its connection ended before it answered
 * - `timed_out`: no answer by the deadline
 */
export interface HostEndOutcome {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  readonly hostId: string | null;
  readonly outcome: 'done' | 'refused' | 'unreachable' | 'timed_out' | 'own_limit';
  readonly message: string;
}

export type EndHostsOptions = Omit<CallOptions, 'retry'> & {
  /** Told what hosts say of the procs that they ended. */
  readonly feed: ProcFeed;
};

type EndRequestType = 'keepalive' | 'drain_host' | 'shutdown_host';
type Outcomes<T extends EndRequestType> = ReadonlyMap<number, CallOutcome<T>>;

/** Shares of the total deadline by the end of which a phase gives way to the next. */
const ASKING_SHARE = 0.25;
const DRAINING_SHARE = 0.75;
/** The part of the deadline of a shutdown that hosts have at least for ending procs. */
export const DRAIN_SHARE = DRAINING_SHARE - ASKING_SHARE;

/**
 * Gives hosts back: agents, config and procs of other meshes stay, those of this one are ended (reference section 5.2).
 * The outcome tells which hosts did so, and that they are known to run on.
 */
export async function stopHosts(
  targets: readonly HostTarget[],
  hostMeshId: string,
  options: EndHostsOptions,
): Promise<HostEndOutcome[]> {
  const answers = await callAll(
    { type: 'drain_host', id: options.links.nextRequestId('drain'), hostMeshId },
    targets,
    options,
  );
  return targets.map((target) =>
    endOutcome(target, answers, ({ procs }) => `given back${endedText(procs)}; its agent runs on`),
  );
}

/**
 * Takes hosts out of service. All of them drain before any shuts down, because what ends on one host may still have
 * something to say to another (reference section 5.2). A host that did not drain in time is shut down nevertheless.
 * Hosts whose config belongs to a client that `isOurs` refuses are left alone: the reference lets anybody who knows an
 * address end everybody's work (section 5.3, "Improve on it").
 */
export async function shutDownHosts(
  targets: readonly HostTarget[],
  isOurs: (holder: Owner) => boolean,
  options: EndHostsOptions,
): Promise<HostEndOutcome[]> {
  const { clock, timeoutMs } = options;
  const startedAt = clock.now();
  const until = (share: number): EndHostsOptions => ({
    ...options,
    timeoutMs: Math.max(0, startedAt + timeoutMs * share - clock.now()),
  });

  const present = await callAll(
    { type: 'keepalive', id: options.links.nextRequestId('present') },
    targets,
    until(ASKING_SHARE),
  );
  const holderOf = (rank: number) => {
    const outcome = present.get(rank);
    const owner = outcome?.ok ? outcome.answer.config.owner : null;
    return owner !== null && !isOurs(owner) ? owner : null;
  };
  const ours = targets.filter(({ rank }) => present.get(rank)?.ok === true && holderOf(rank) === null);
  const drained = await callAll(
    { type: 'drain_host', id: options.links.nextRequestId('drain') },
    ours,
    until(DRAINING_SHARE),
  );
  const gone = await callAll(
    { type: 'shutdown_host', id: options.links.nextRequestId('shutdown') },
    ours,
    until(1),
  );

  return targets.map((target) => {
    const holder = holderOf(target.rank);
    if (holder !== null) {
      const message = `not shut down: taken over by ${holder.label}`;
      return { ...endOutcome(target, present, () => ''), outcome: 'refused', message };
    }
    if (!gone.has(target.rank)) return endOutcome(target, present, () => '');
    const drain = drained.get(target.rank);
    return endOutcome(target, gone, () => `leaves service${drainText(drain)}`);
  });
}

async function callAll<T extends EndRequestType>(
  request: RequestOf<T>,
  targets: readonly HostTarget[],
  options: EndHostsOptions,
): Promise<Outcomes<T>> {
  const outcomes = new Map<number, CallOutcome<T>>();
  await callHosts(targets, encodeRequest(request), options, (rank, outcome) => {
    outcomes.set(rank, outcome);
    if (outcome.ok) for (const report of procsOf(outcome.answer)) options.feed.reported(rank, report);
  });
  return outcomes;
}

const procsOf = (answer: AnswerOf<EndRequestType>): readonly ProcReport[] =>
  'procs' in answer ? (answer.procs ?? []) : [];

/** `, 3 procs ended`, or nothing for none. */
function endedText(procs: readonly ProcReport[] = []): string {
  if (procs.length === 0) return '';
  return `, ${countOf(procs.length, 'proc')} ended`;
}

function drainText(drain: CallOutcome<'drain_host'> | undefined): string {
  if (drain?.ok === false) return `, not drained: ${printCallFault(drain.fault)}`;
  return `, drained${drain === undefined ? '' : endedText(procsOf(drain.answer))}`;
}

const outcomeOfFault = {
  unreachable: 'unreachable',
  closed: 'unreachable',
  refused: 'refused',
  timed_out: 'timed_out',
  own_limit: 'own_limit',
  cancelled: 'timed_out',
} as const satisfies Record<CallFault['kind'], HostEndOutcome['outcome']>;

function endOutcome<T extends EndRequestType>(
  { rank, text }: HostTarget,
  outcomes: Outcomes<T>,
  done: (answer: AnswerOf<T>) => string,
): HostEndOutcome {
  const outcome = outcomes.get(rank);
  if (outcome === undefined) throw new Error(`rank ${rank} was not asked`);
  const host = { rank, address: text, hostId: outcome.connection?.hello.hostId ?? null };
  if (!outcome.ok)
    return { ...host, outcome: outcomeOfFault[outcome.fault.kind], message: printCallFault(outcome.fault) };
  return { ...host, outcome: 'done', message: done(outcome.answer) };
}
