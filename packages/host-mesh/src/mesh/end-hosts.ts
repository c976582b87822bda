import { encodeRequest, type AgentRequest, type AnswerResult, type Owner } from '@hostmesh/protocol';
import { printAskFault, type AskFault } from '../ask/ask-fault.ts';
import { askHosts, type AskOptions, type AskOutcome } from '../ask/ask-hosts.ts';
import { nextRequestId } from '../ask/request-id.ts';
import type { HostTarget } from '../ref/host-target.ts';
import type { EndOutcome } from './end-outcome.ts';

export type EndHostsOptions = Omit<AskOptions, 'retry'>;

type EndRequestType = Extract<AgentRequest['type'], 'keepalive' | 'drain_host' | 'shutdown_host'>;
type Outcomes = ReadonlyMap<number, AskOutcome>;

/** Shares of the total deadline by the end of which a phase gives way to the next. */
const ASKING_SHARE = 0.25;
const DRAINING_SHARE = 0.75;

/**
 * Gives hosts back: agents, config and whatever else runs there stay (reference section 5.2). Each host is asked
 * to answer once, so that the outcome tells which are known to run on.
 */
export async function stopHosts(
  targets: readonly HostTarget[],
  options: EndHostsOptions,
): Promise<EndOutcome[]> {
  const answers = await askAll('keepalive', targets, options);
  return targets.map((target) => endOutcome(target, answers, 'alive', () => 'given back; its agent runs on'));
}

/**
 * Takes hosts out of service. All of them drain before any shuts down, because what ends on one host may still have
 * something to say to another (reference section 5.2). A host that did not drain in time is shut down nevertheless.
 * Hosts whose config another client `isOurs` does not cover are left alone: the reference lets anybody who knows an
 * address end everybody's work (section 5.3, "Improve on it").
 */
export async function shutDownHosts(
  targets: readonly HostTarget[],
  isOurs: (holder: Owner) => boolean,
  options: EndHostsOptions,
): Promise<EndOutcome[]> {
  const { clock, timeoutMs } = options;
  const startedAt = clock.now();
  const until = (share: number): EndHostsOptions => ({
    ...options,
    timeoutMs: Math.max(0, startedAt + timeoutMs * share - clock.now()),
  });

  const present = await askAll('keepalive', targets, until(ASKING_SHARE));
  const holderOf = (rank: number) => {
    const outcome = present.get(rank);
    const owner = outcome?.ok && outcome.answer.kind === 'alive' ? outcome.answer.config.owner : null;
    return owner !== null && !isOurs(owner) ? owner : null;
  };
  const ours = targets.filter(({ rank }) => present.get(rank)?.ok === true && holderOf(rank) === null);
  const drained = await askAll('drain_host', ours, until(DRAINING_SHARE));
  const gone = await askAll('shutdown_host', ours, until(1));

  return targets.map((target) => {
    const holder = holderOf(target.rank);
    if (holder !== null) {
      const message = `not shut down: taken over by ${holder.label}`;
      return { ...endOutcome(target, present, 'alive', () => ''), outcome: 'refused', message };
    }
    if (!gone.has(target.rank)) return endOutcome(target, present, 'alive', () => '');
    const drain = drained.get(target.rank);
    const how = drain?.ok === false ? `, not drained: ${printAskFault(drain.fault)}` : ', drained';
    return endOutcome(target, gone, 'shutting_down', () => `leaves service${how}`);
  });
}

async function askAll(
  type: EndRequestType,
  targets: readonly HostTarget[],
  options: EndHostsOptions,
): Promise<Outcomes> {
  const outcomes = new Map<number, AskOutcome>();
  const request = encodeRequest({ type, id: nextRequestId(type) });
  await askHosts(targets, request, options, (rank, outcome) => outcomes.set(rank, outcome));
  return outcomes;
}

const outcomeOfFault = {
  unreachable: 'unreachable',
  closed: 'unreachable',
  refused: 'refused',
  timed_out: 'timed_out',
  cancelled: 'timed_out',
} as const satisfies Record<AskFault['kind'], EndOutcome['outcome']>;

function endOutcome(
  { rank, text }: HostTarget,
  outcomes: Outcomes,
  expected: AnswerResult['kind'],
  done: () => string,
): EndOutcome {
  const outcome = outcomes.get(rank);
  if (outcome === undefined) throw new Error(`rank ${rank} was not asked`);
  const host = { rank, address: text, hostId: outcome.connection?.hello.hostId ?? null };
  if (!outcome.ok)
    return { ...host, outcome: outcomeOfFault[outcome.fault.kind], message: printAskFault(outcome.fault) };
  return outcome.answer.kind === expected
    ? { ...host, outcome: 'done', message: done() }
    : { ...host, outcome: 'refused', message: `it answered with ${outcome.answer.kind}` };
}
