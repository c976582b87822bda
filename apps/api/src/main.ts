// The API as a process: settings from the environment, one line when it is ready, an end in order on a signal.
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Types are stripped once, not at every start.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

/** Exit code when a restart would end the same way. */
const MISCONFIGURED = 2;
/** Longest that recording and cleaning up may take once attempts have been ended. */
const EXIT_WITHIN_MS = 10_000;

const { livePart, startOverWithoutSecrets, withSecretsRead } = await import('@hostmesh/part');
const env = given();
const { runApi } = await import('./api/run-api.ts');
const { loadSettings } = await import('./settings/settings.ts');
const { default: about } = await import('../package.json', { with: { type: 'json' } });

const { logEvent, logTo } = await import('./api/part-log.ts');
const settings = loadSettings(env);
if (!settings.ok) {
  for (const problem of settings.fault.problems) console.error(problem);
  process.exit(MISCONFIGURED);
}

const log = logTo(settings.value.logLevel);
// Whatever hangs on the way out is ended: what it leaves unfinished is taken over at the next start.
const life = livePart({
  heard: (event) => logEvent(log, event),
  exitWithinMs: settings.value.shutdownGraceMs + EXIT_WITHIN_MS,
});

const say = (line: string) => console.log(line);
const api = await runApi(settings.value, { env, version: about.version, log, say });
if (!api.ok) {
  console.error(api.fault.message);
  process.exit(api.fault.final ? MISCONFIGURED : 1);
}
if (!life.stop.aborted) await once(life.stop, 'abort');
await api.value.stop();
process.exit(life.exitCode);

/** What we are started with, secrets included, none of which is left in what others can read of this process. */
function given() {
  try {
    startOverWithoutSecrets(process.env.HOSTMESH_DATA_DIR || '.hostmesh');
    return withSecretsRead(process.env, ['DATABASE_URL']);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(MISCONFIGURED);
  }
}
