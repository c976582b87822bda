#!/usr/bin/env node
import { constants, enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Node strips types as it loads a module, and the stripper stays in memory: 30 MB that an idle agent has no use for.
// With the compile cache it is not needed, but that serves the main module only when it is on from the start: so
// fill the cache, then start over as the same process.
if (
  process.env.NODE_COMPILE_CACHE === undefined &&
  process.execve !== undefined &&
  process.send === undefined
) {
  const cacheDir = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
  if (enableCompileCache(cacheDir).status === constants.compileCacheStatus.ENABLED) {
    await import('./cli.ts');
    flushCompileCache();
    // A small young generation keeps the heap of a process that mostly waits small as well.
    const args = [process.execPath, '--max-semi-space-size=1', ...process.execArgv, ...process.argv.slice(1)];
    process.execve(process.execPath, args, { ...process.env, NODE_COMPILE_CACHE: cacheDir });
  }
}

/** An agent that hangs on its way out is ended after this long. */
const EXIT_WITHIN_MS = 10_000;

const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    stop.abort(name);
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
  });
}
const { runCli } = await import('./cli.ts');
process.exitCode = await runCli(process.argv.slice(2), process.env, stop.signal);
