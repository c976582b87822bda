import type { ProcSpec, RestartPolicy } from '@hostmesh/protocol';

/** Long enough never to matter here. */
export const TIMEOUT_MS = 300_000;
/** As long as by default. */
export const TTL_MS = 60_000;

/** What every proc of the benchmark runs: it is ready as soon as it is started, and says nothing. */
export const command: ProcSpec['command'] = {
  program: 'sim',
  args: [],
  arg0: null,
  env: {},
  cwd: null,
  runAs: null,
};
export const readiness: ProcSpec['readiness'] = { kind: 'alive', forMs: 0 };
/** A storm is made of ends and restarts: no end is final. */
export const restart: RestartPolicy = {
  policy: 'always',
  limit: 1000,
  backoffMs: 100,
  maxBackoffMs: 100,
  resetAfterMs: 60_000,
};
