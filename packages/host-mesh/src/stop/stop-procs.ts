import { encodeRequest, type EncodedRequest } from '@hostmesh/protocol';
import type { CallFault } from '../call/call-fault.ts';
import { HostCalls, type CallOutcome } from '../call/host-calls.ts';
import { procIdParts } from '../call/request-parts.ts';
import { isFinalView } from '../proc/proc-view.ts';
import type { ProcController } from '../supervise/proc-controller.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import { stopOutcome, type ProcStopOutcome, type StopProcsOptions } from './stop-outcome.ts';

/** How long hosts have for answering a stop, which they do before they carry it out. */
const ASK_MS = 5_000;

/**
 * Stops procs straight at the hosts that run them (reference section 11) and waits until they are gone, with an outcome
 * for each in rank order. It comes by the deadline, or when the mesh is closed; a host that does not answer is waited
 * for no longer than 5 s.
 */
export async function stopProcs(
  controller: ProcController,
  deps: ProcDeps,
  options: StopProcsOptions,
): Promise<readonly ProcStopOutcome[]> {
  const { board } = controller;
  const ranks = [...new Set(options.ranks ?? board.procs().map(({ rank }) => rank))].sort((a, b) => a - b);
  const before = new Map(ranks.map((rank) => [rank, board.view(rank)]));
  const byHost = Map.groupBy(
    ranks.filter((rank) => !isFinalView(board.view(rank))),
    (rank) => board.place(rank).hostRank,
  );
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs(byHost.values(), deps, options.stepMs);
  const deadlineAt = deps.clock.now() + timeoutMs;
  const requestsOf = (hostRank: number) =>
    stopRequests(controller, byHost.get(hostRank) ?? [], deps, options);
  controller.dismiss([...byHost.values()].flat(), (hostRank) =>
    stopAgain(requestsOf(hostRank), hostRank, deps),
  );

  const calls = new HostCalls({ ...deps, timeoutMs: Math.min(ASK_MS, timeoutMs), retry: deps });
  const faults = new Map<number, CallFault>();
  await Promise.all(
    [...byHost.keys()].map(async (hostRank) => {
      const target = deps.targets[hostRank];
      if (target === undefined) throw new RangeError(`no such host rank: ${hostRank}`);
      for (const request of requestsOf(hostRank)) {
        const outcome = await calls.call(target, request);
        takeNote(controller, deps, hostRank, outcome);
        if (outcome.ok) continue;
        faults.set(hostRank, outcome.fault);
        if (outcome.fault.kind === 'refused') return;
        // What becomes of its procs is not known until the host is heard again.
        const at = deps.clock.wallNow();
        for (const rank of byHost.get(hostRank) ?? [])
          controller.apply(rank, { kind: 'host_missed', why: 'silent', at });
        return;
      }
    }),
  );
  calls.end();

  const awaited = [...byHost].flatMap(([hostRank, each]) => (faults.has(hostRank) ? [] : each));
  await allFinal(controller, awaited, deps, deadlineAt);
  controller.flush();
  return ranks.map((rank) => {
    const place = board.place(rank);
    const fault = faults.get(place.hostRank) ?? null;
    return stopOutcome(
      board.proc(rank),
      before.get(rank) ?? board.view(rank),
      board.view(rank),
      fault,
      timeoutMs,
    );
  });
}

function defaultTimeoutMs(
  perHost: Iterable<readonly number[]>,
  { settings }: ProcDeps,
  stepMs: number | undefined,
): number {
  const { exitStepMs, terminateConcurrency } = settings();
  const most = Math.max(0, ...[...perHost].map((ranks) => ranks.length));
  return stopBarrierMs(most, terminateConcurrency, stepMs ?? exitStepMs);
}

function stopRequests(
  { procMeshId, board }: ProcController,
  ranks: readonly number[],
  { links }: ProcDeps,
  { cause = 'requested', causeText, stepMs }: StopProcsOptions,
): readonly EncodedRequest<'stop_procs'>[] {
  return procIdParts(ranks.map((rank) => board.place(rank).procId)).map((procIds) =>
    encodeRequest({
      type: 'stop_procs',
      id: links.nextRequestId('stop'),
      procMeshId,
      procIds,
      cause,
      causeText: causeText.slice(0, 500),
      stepMs: stepMs ?? null,
    }),
  );
}

/** Repeats the stop to a host that was away; its events tell how its procs end. */
function stopAgain(
  requests: readonly EncodedRequest<'stop_procs'>[],
  hostRank: number,
  { links }: ProcDeps,
): void {
  for (const request of requests) void links.get(hostRank)?.request(request);
}

function takeNote(
  controller: ProcController,
  { feed }: ProcDeps,
  hostRank: number,
  outcome: CallOutcome<'stop_procs'>,
): void {
  if (!outcome.ok) return;
  const { procs, unknownIds } = outcome.answer;
  // After a resume the stream tells what happened meanwhile, in order: a later report would hide that.
  const isUpToDate = !controller.isResumed || feed.cursor(hostRank) !== null;
  if (isUpToDate) for (const report of procs) controller.reported(hostRank, report);
  for (const procId of unknownIds) controller.unknownTo(hostRank, procId);
}

/** Resolves when all these procs have ended for good, at the deadline, or when the controller is closed. */
function allFinal(
  controller: ProcController,
  ranks: readonly number[],
  { clock }: ProcDeps,
  deadlineAt: number,
): Promise<void> {
  const waiting = new Set(ranks.filter((rank) => !isFinalView(controller.board.view(rank))));
  const { over } = controller;
  if (waiting.size === 0 || over.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      stopWatching();
      cancelTimer();
      over.removeEventListener('abort', done);
      resolve();
    };
    const cancelTimer = clock.after(Math.max(0, deadlineAt - clock.now()), done);
    over.addEventListener('abort', done);
    const stopWatching = controller.watch(({ after, transition: { rank } }) => {
      if (isFinalView(after)) waiting.delete(rank);
      if (waiting.size === 0) done();
    });
  });
}

/** What it takes until the end of the last proc has been noticed, verified and told. */
const SLACK_MS = 5_000;

/**
 * How long stopping so many procs of one host may take, as a function of the work (reference section 11, "Improve on
 * it"; there it is fixed, and shorter than the work of 64 stuck procs): two steps of the ladder for each batch.
 */
export const stopBarrierMs = (procsPerHost: number, concurrency: number, stepMs: number): number =>
  Math.ceil(procsPerHost / concurrency) * 2 * stepMs + SLACK_MS;
