// The API as a process: settings from the environment, one line when it is ready, an end on SIGINT or SIGTERM.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Types are stripped once, not at every start.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

/** Exit code when a restart would end the same way. */
const MISCONFIGURED = 2;
/** Longest that recording and cleaning up may take once attempts have been ended. */
const EXIT_WITHIN_MS = 10_000;

const { callAfter } = await import('@hostmesh/core');
const { runApi } = await import('./api/run-api.ts');
const { loadSettings } = await import('./settings/settings.ts');
const { default: about } = await import('../package.json', { with: { type: 'json' } });

const settings = loadSettings(process.env);
if (!settings.ok) {
  for (const problem of settings.fault.problems) console.error(problem);
  process.exit(MISCONFIGURED);
}

const stopping = Promise.withResolvers<string>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.resolve(signal));

const api = await runApi(settings.value, process.env, about.version, (line) => console.log(line));
if (!api.ok) {
  console.error(api.fault.message);
  process.exit(api.fault.final ? MISCONFIGURED : 1);
}
await stopping.promise;
// Whatever hangs on the way out is ended: what it leaves unfinished is taken over at the next start.
callAfter(settings.value.shutdownGraceMs + EXIT_WITHIN_MS, () => process.exit(1));
await api.value.stop();
process.exit(0);
