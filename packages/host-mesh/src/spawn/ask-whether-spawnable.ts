import { encodeRequest } from '@hostmesh/protocol';
import { callHosts } from '../call/host-calls.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import type { SpawnPlan } from './spawn-plan.ts';

/** Why a host would not start procs of a plan. */
export interface SpawnRefusal {
  readonly hostRank: number;
  /** As `HostTarget.text`. */
  readonly address: string;
  /** Of the plan, on this host; in order. */
  readonly ranks: readonly number[];
  /** `unknown_program`, `program_refused`, `bind_unavailable`; newer agents may say others. */
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
  const bySpec = Map.groupBy(procs, ({ spec: { command, bind } }) =>
    JSON.stringify({ program: command.program, bind }),
  );
  const groups = [...bySpec.values()].slice(0, MAX_SPECS);
  const specs = groups.flatMap(([first]) =>
    first === undefined ? [] : [{ program: first.spec.command.program, bind: first.spec.bind }],
  );
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
