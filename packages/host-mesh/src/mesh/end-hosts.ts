import { encodeRequest, type AnswerResult, type Owner, type ProcReport } from '@hostmesh/protocol';
import { printAskFault, type AskFault } from '../ask/ask-fault.ts';
import { askHosts, type AskOptions, type AskOutcome } from '../ask/ask-hosts.ts';
import { nextRequestId } from '../ask/request-id.ts';
import type { HostTarget } from '../ref/host-target.ts';
import type { ProcFeed } from '../supervise/proc-feed.ts';
import type { EndOutcome } from './end-outcome.ts';

export type EndHostsOptions = Omit<AskOptions, 'retry'> & {
  /** Where what hosts say of the procs that they ended goes. */
  readonly feed: ProcFeed;
};

type EndRequest =
  | { readonly type: 'keepalive' | 'shutdown_host' }
  | { readonly type: 'drain_host'; readonly hostMeshId?: string };
type Outcomes = ReadonlyMap<number, AskOutcome>;

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
): Promise<EndOutcome[]> {
  const answers = await askAll({ type: 'drain_host', hostMeshId }, targets, options);
  return targets.map((target) =>
    endOutcome(target, answers, 'drained', ({ procs }) => `given back${endedText(procs)}; its agent runs on`),
  );
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

  const present = await askAll({ type: 'keepalive' }, targets, until(ASKING_SHARE));
  const holderOf = (rank: number) => {
    const outcome = present.get(rank);
    const owner = outcome?.ok && outcome.answer.kind === 'alive' ? outcome.answer.config.owner : null;
    return owner !== null && !isOurs(owner) ? owner : null;
  };
  const ours = targets.filter(({ rank }) => present.get(rank)?.ok === true && holderOf(rank) === null);
  const drained = await askAll({ type: 'drain_host' }, ours, until(DRAINING_SHARE));
  const gone = await askAll({ type: 'shutdown_host' }, ours, until(1));

  return targets.map((target) => {
    const holder = holderOf(target.rank);
    if (holder !== null) {
      const message = `not shut down: taken over by ${holder.label}`;
      return { ...endOutcome(target, present, 'alive', () => ''), outcome: 'refused', message };
    }
    if (!gone.has(target.rank)) return endOutcome(target, present, 'alive', () => '');
    const drain = drained.get(target.rank);
    return endOutcome(target, gone, 'shutting_down', () => `leaves service${drainText(drain)}`);
  });
}

async function askAll(
  request: EndRequest,
  targets: readonly HostTarget[],
  options: EndHostsOptions,
): Promise<Outcomes> {
  const outcomes = new Map<number, AskOutcome>();
  const encoded = encodeRequest({ ...request, id: nextRequestId(request.type) });
  await askHosts(targets, encoded, options, (rank, outcome) => {
    outcomes.set(rank, outcome);
    if (outcome.ok) for (const report of procsOf(outcome.answer)) options.feed.reported(rank, report);
  });
  return outcomes;
}

const procsOf = (answer: AnswerResult): readonly ProcReport[] =>
  answer.kind === 'drained' || answer.kind === 'shutting_down' ? (answer.procs ?? []) : [];

/** `, 3 procs ended`, or nothing for none. */
function endedText(procs: readonly ProcReport[] = []): string {
  if (procs.length === 0) return '';
  return `, ${procs.length} ${procs.length === 1 ? 'proc' : 'procs'} ended`;
}

function drainText(drain: AskOutcome | undefined): string {
  if (drain?.ok === false) return `, not drained: ${printAskFault(drain.fault)}`;
  return `, drained${drain === undefined ? '' : endedText(procsOf(drain.answer))}`;
}

const outcomeOfFault = {
  unreachable: 'unreachable',
  closed: 'unreachable',
  refused: 'refused',
  timed_out: 'timed_out',
  cancelled: 'timed_out',
} as const satisfies Record<AskFault['kind'], EndOutcome['outcome']>;

function endOutcome<K extends AnswerResult['kind']>(
  { rank, text }: HostTarget,
  outcomes: Outcomes,
  expected: K,
  done: (answer: Extract<AnswerResult, { kind: K }>) => string,
): EndOutcome {
  const outcome = outcomes.get(rank);
  if (outcome === undefined) throw new Error(`rank ${rank} was not asked`);
  const host = { rank, address: text, hostId: outcome.connection?.hello.hostId ?? null };
  if (!outcome.ok)
    return { ...host, outcome: outcomeOfFault[outcome.fault.kind], message: printAskFault(outcome.fault) };
  const { answer } = outcome;
  // The kind is compared, which does not narrow a union by a type parameter.
  return answer.kind === expected
    ? { ...host, outcome: 'done', message: done(answer as Extract<AnswerResult, { kind: K }>) }
    : { ...host, outcome: 'refused', message: `it answered with ${answer.kind}` };
}
