#!/usr/bin/env node
import { constants, enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Node strips types as it loads a module, and the stripper stays in memory: 30 MB that an idle agent has no use for.
// Modules in the compile cache are stripped already. So put all of them there, then start over as the same process
// from `cli.ts`, which is in there too. Where that does not work the agent runs as well, only larger.
const cacheDir = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
const cached = enableCompileCache(cacheDir).status === constants.compileCacheStatus.ENABLED;
const { runProcess } = await import('./cli.ts');

if (cached && process.execve !== undefined && process.send === undefined) {
  flushCompileCache();
  // A small young generation keeps the heap of a process that mostly waits small as well.
  // And nobody is to open an inspector in it.
  const flags = ['--disable-sigusr1', '--max-semi-space-size=1', ...process.execArgv];
  const entry = fileURLToPath(new URL('cli.ts', import.meta.url));
  process.execve(process.execPath, [process.execPath, ...flags, entry, ...process.argv.slice(2)], {
    ...process.env,
    NODE_COMPILE_CACHE: cacheDir,
  });
}
await runProcess();
