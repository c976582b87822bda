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
  ...tokenOf(process.env),
  tokenIn,
  out: (text, end = '\n') => process.stdout.write(text + end),
  err: (text) => process.stderr.write(`${text}\n`),
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line ?? ''}`);
  },
  isTerminal: process.stdout.isTTY,
  signal: stop.signal,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
});

/** The token that the environment holds or names the file of, else the admin token of an API on this machine, which whoever may read the file may use. */
function tokenOf({ HOSTMESH_TOKEN_FILE, HOSTMESH_TOKEN, HOSTMESH_DATA_DIR }: NodeJS.ProcessEnv) {
  if (HOSTMESH_TOKEN && !HOSTMESH_TOKEN_FILE) return { token: HOSTMESH_TOKEN, tokenFrom: 'HOSTMESH_TOKEN' };
  const file = HOSTMESH_TOKEN_FILE || join(HOSTMESH_DATA_DIR || '.hostmesh', 'admin-token');
  return tokenIn(file) ?? { token: undefined, tokenFrom: null };
}

function tokenIn(file: string) {
  try {
    return { token: readFileSync(file, 'utf8').trim(), tokenFrom: file };
  } catch {
    return null;
  }
}
