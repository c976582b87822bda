import type { ProcCommandView, ReadinessRequest, RestartRequest, SpawnRequest } from '@hostmesh/contract';

/** A spawn request with its defaults filled in: what is stored of it, and shown again but for its environment. */
export interface StoredRequest extends SpawnRequest {
  readonly readiness: ReadinessRequest;
  readonly restart: RestartRequest & { readonly limit: number };
  readonly keep: boolean;
  /** How long its hosts let the procs run when no replica vouches for them; null is for ever. */
  readonly ttlMs: number | null;
}

/** Written by `planRequest` alone, and stored as it is. */
export const storedRequest = (request: unknown): StoredRequest => request as StoredRequest;

/** A command with the names of its environment: values may be secrets. */
export function commandView({ command, perRank }: StoredRequest, rank?: number): ProcCommandView {
  const own = rank === undefined ? undefined : perRank?.[String(rank)];
  return {
    program: own?.program ?? command.program,
    args: own?.args ?? command.args ?? [],
    arg0: own?.arg0 ?? command.arg0 ?? null,
    cwd: own?.cwd ?? command.cwd ?? null,
    runAs: own?.runAs ?? command.runAs ?? null,
    envNames: Object.keys({ ...command.env, ...own?.env }).sort(),
  };
}
