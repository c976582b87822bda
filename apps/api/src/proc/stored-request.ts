import type { ReadinessRequest, RestartRequest, SpawnRequest } from '@hostmesh/contract';

/** A spawn request with its defaults filled in: what is stored of it, and shown again but for its environment. */
export interface StoredRequest extends SpawnRequest {
  readonly readiness: ReadinessRequest;
  readonly restart: RestartRequest & { readonly limit: number };
  readonly keep: boolean;
  /** For how long its hosts let the procs run of which nobody wants to know; null is for ever. */
  readonly ttlMs: number | null;
}

/** Written by `planRequest` alone, and stored as it is. */
export const storedRequest = (request: unknown): StoredRequest => request as StoredRequest;
