import { fail, ok, type Result } from '@hostmesh/core';
import { encodeRequest } from '@hostmesh/protocol';
import { callHosts } from '../call/host-calls.ts';
import { ProcMesh } from '../proc-mesh/proc-mesh.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import { isSurelyGone, type ProcStopOutcome } from '../stop/stop-outcome.ts';
import { stopProcs } from '../stop/stop-procs.ts';
import type { ProcController } from '../supervise/proc-controller.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import {
  printProcCreationError,
  printProcSpawnError,
  type RankFailure,
  type SpawnFault,
} from './spawn-outcome.ts';
import type { SpawnPlan } from './spawn-plan.ts';
import { SpawnRun, type SpawnVerdict } from './spawn-run.ts';

/** Why a host would not start procs of a plan. */
export interface SpawnRefusal {
  readonly hostRank: number;
  /** As `HostTarget.text`. */
  readonly address: string;
  /** Of the plan, on this host; in order. */
  readonly ranks: readonly number[];
  /** One of `startFaultCodes` or `commandRefusals`, or `bind_unavailable`; newer agents may say others. */
  readonly code: string;
  readonly message: string;
}

/** How many different commands one request takes; about the rest the spawn itself finds out. */
const MAX_SPECS = 1000;
const CHECK_MS = 2_000;

/**
 * Asks every host whether it could start its procs, before anything is started anywhere. A host that does not answer
 * within 2 s, or is too old to know the request, counts as having no objection.
 */
export async function askWhetherSpawnable(
  { procs }: SpawnPlan,
  deps: ProcDeps,
  signal: AbortSignal,
): Promise<readonly SpawnRefusal[]> {
  const bySpec = Map.groupBy(procs, ({ spec }) => JSON.stringify(checkedOf(spec)));
  const groups = [...bySpec.values()].slice(0, MAX_SPECS);
  const specs = groups.flatMap(([first]) => (first === undefined ? [] : [checkedOf(first.spec)]));
  const byHost = groups.map((group) => Map.groupBy(group, ({ hostRank }) => hostRank));
  const request = encodeRequest({ type: 'check_spawn', id: deps.links.nextRequestId('check'), specs });
  const refusals: SpawnRefusal[] = [];
  await callHosts(deps.targets, request, { ...deps, timeoutMs: CHECK_MS, signal }, (hostRank, outcome) => {
    if (!outcome.ok) return;
    for (const { index, code, message } of outcome.answer.refusals) {
      const ranks = byHost[index]?.get(hostRank)?.map(({ rank }) => rank) ?? [];
      const address = deps.targets[hostRank]?.text ?? '';
      if (ranks.length > 0) refusals.push({ hostRank, address, ranks, code, message });
    }
  });
  return refusals.sort((a, b) => a.hostRank - b.hostRank);
}

/** What of a proc decides whether a host can start it. */
const checkedOf = ({
  command: { program, arg0, env, cwd, runAs },
  bind,
}: SpawnPlan['procs'][number]['spec']) => ({
  program,
  arg0,
  envNames: Object.keys(env),
  path: env['PATH'] ?? null,
  cwd,
  bind,
  runAs,
});

/** What hosts are told when procs of a spawn that came to nothing are stopped. */
const causeTexts: Record<Exclude<SpawnVerdict, 'ready'>, string> = {
  proc_creation_failed: 'another proc of the same spawn failed',
  proc_spawn_failed: 'the spawn was not ready by its deadline',
  cancelled: 'the spawn was cancelled',
};

/**
 * Starts the procs of a plan and waits until each has been ready (reference section 9): a proc mesh of all of them, or
 * none, with what was started stopped again as far as its hosts can be reached.
 */
export async function spawnProcs(
  plan: SpawnPlan,
  controller: ProcController,
  deps: ProcDeps,
  signal: AbortSignal,
): Promise<Result<ProcMesh, SpawnFault>> {
  const { board } = controller;
  const run = new SpawnRun(plan, controller, deps, signal);
  const verdict = await run.run();
  controller.flush();
  const mesh = new ProcMesh(plan, controller, deps);
  if (verdict === 'ready') return ok(mesh);

  const statuses = board.procs();
  const failures = run.failedRanks(verdict).map((rank): RankFailure => {
    const observation = board.proc(rank);
    const address = deps.targets[observation.hostRank]?.text ?? '';
    return { rank, observation, address, message: run.giveUpReason(rank) ?? failureText(observation) };
  });
  const rollback = await rollBack(run, controller, deps, verdict);
  const residue = rollback.filter((outcome) => !isSurelyGone(outcome)).length;
  if (residue === 0) controller.close();
  return fail({
    code: verdict,
    message: printSpawnFault(verdict, failures, statuses),
    failures,
    statuses,
    rollback,
    residue,
    remains: residue === 0 ? null : mesh,
  });
}

/** What a rank came to, and where that hides how the run before ended, that too. */
function failureText({ text, ends: { former } }: ProcObservation): string {
  return former === null || text.includes(former.text) ? text : `${text}; before that ${former.text}`;
}

/** Stops whatever may have been started; of hosts that were sent nothing there is nothing to stop. */
async function rollBack(
  run: SpawnRun,
  controller: ProcController,
  deps: ProcDeps,
  verdict: Exclude<SpawnVerdict, 'ready'>,
): Promise<readonly ProcStopOutcome[]> {
  const reason = 'not started: its host was not asked to';
  const at = deps.clock.wallNow();
  for (const rank of run.unsentRanks) controller.apply(rank, { kind: 'missing', reason, at });
  const ranks = run.sentRanks;
  // In a cancelled spawn nothing has failed: its procs end as requested.
  const cause = verdict === 'cancelled' ? 'requested' : 'rolled_back';
  const stopped = await stopProcs(controller, deps, { ranks, cause, causeText: causeTexts[verdict] });
  const unsent = [...run.unsentRanks].map((rank): ProcStopOutcome => {
    const { hostRank, procId } = controller.board.place(rank);
    return { rank, hostRank, procId, outcome: 'not_known', endedBy: null, message: reason };
  });
  return [...stopped, ...unsent].sort((a, b) => a.rank - b.rank);
}

function printSpawnFault(
  verdict: SpawnFault['code'],
  failures: readonly RankFailure[],
  statuses: readonly ProcObservation[],
): string {
  switch (verdict) {
    case 'proc_creation_failed':
      return printProcCreationError(failures);
    case 'proc_spawn_failed':
      return printProcSpawnError(statuses);
    case 'cancelled':
      return 'the spawn was cancelled';
  }
}
