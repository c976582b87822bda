#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { apiUrlOf } from '@hostmesh/core';
import { runProgram } from './program.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
// Nobody is to open an inspector in it: it holds a token.
process.on('SIGUSR1', () => undefined);
process.stderr.on('error', () => undefined);
// Whoever reads our output has seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2), {
  apiUrl: apiUrlOf(process.env),
  ...tokenOf(process.env.HOSTMESH_TOKEN, process.env.HOSTMESH_DATA_DIR || '.hostmesh'),
  out: (text, end = '\n') => process.stdout.write(text + end),
  err: (text) => process.stderr.write(`${text}\n`),
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line ?? ''}`);
  },
  isTerminal: process.stdout.isTTY,
  signal: stop.signal,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
});

/** The token of the environment, else the admin token of an API on this machine, which whoever may read the file may use. */
function tokenOf(given: string | undefined, dataDir: string) {
  if (given) return { token: given, tokenFrom: 'HOSTMESH_TOKEN' };
  const file = join(dataDir, 'admin-token');
  try {
    return { token: readFileSync(file, 'utf8').trim(), tokenFrom: file };
  } catch {
    return { token: undefined, tokenFrom: null };
  }
}
