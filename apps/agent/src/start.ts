import { runCli } from './cli.ts';

/** For procs to be stopped, twice 2 s, for open connections to end and for the log to be read; then it ends without. */
const EXIT_WITHIN_MS = 10_000;

/** Runs what the command line asks for until it is done or a signal ends it. */
export async function start(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      stop.abort(name);
      exitWithin(EXIT_WITHIN_MS);
    });
  }
  process.exitCode = await runCli(process.argv.slice(2), process.env, stop.signal);
  exitWithin(EXIT_WITHIN_MS);
}

/** `process.exit` would wait for a write to a log that nobody reads. */
function exitWithin(ms: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms).unref();
}

// `main.ts` starts the process over from here.
if (import.meta.main) await start();
