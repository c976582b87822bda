import { assertNever, pauseFor } from '@hostmesh/core';
import type { Readiness } from '@hostmesh/protocol';
import { open } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { timeLeftMs } from '../clock/agent-clock.ts';
import type { ProcLog, OutputStream } from '../output/proc-log.ts';

const TRY_EVERY_MS = 100;
const TRY_FOR_MS = 2_000;

/** What readiness can be seen in. */
export interface ReadinessSources {
  readonly log: ProcLog;
  /** Since when the process runs; milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The inherited descriptor: its pipe, or the file that stands in for it where the process outlives its agent. */
  readonly descriptor: Readable | string | null;
}

/** Resolves when a process is ready, with where it listens if that is what makes it so; with null when the signal fires. */
export async function whenReady(
  readiness: Readiness,
  { log, startedAtMs, descriptor }: ReadinessSources,
  signal: AbortSignal,
): Promise<{ readonly address: string | null } | null> {
  switch (readiness.kind) {
    case 'alive': {
      const leftMs = timeLeftMs(startedAtMs + readiness.forMs, log.nowMs(), readiness.forMs);
      return (await pauseFor(leftMs, signal)) ? { address: null } : null;
    }
    case 'descriptor': {
      const said =
        typeof descriptor === 'string'
          ? await poll(() => hasLine(descriptor), signal)
          : descriptor !== null && (await lineOf(descriptor, signal));
      return said ? { address: null } : null;
    }
    case 'tcp': {
      const { port } = readiness;
      return (await poll(() => accepts(port), signal)) ? { address: `tcp:127.0.0.1:${port}` } : null;
    }
    case 'http': {
      const { port, path } = readiness;
      const answered = await poll(() => answersWell(port, path, signal), signal);
      return answered ? { address: `http://127.0.0.1:${port}${path}` } : null;
    }
    case 'output':
      return (await lineWith(readiness.contains, log, signal)) ? { address: null } : null;
    default:
      return assertNever(readiness);
  }
}

/** Tries until it is true, or until the signal fires. */
async function poll(isTrue: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isTrue()) return !signal.aborted;
    await pauseFor(TRY_EVERY_MS, signal);
  }
  return false;
}

function lineOf(pipe: Readable, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(false));
    pipe.on('error', () => resolve(false));
    // Reads on after that, so that a process that goes on writing does not block on a full pipe.
    pipe.on('data', (chunk: Buffer) => {
      if (chunk.includes('\n')) resolve(true);
    });
  });
}

async function hasLine(file: string): Promise<boolean> {
  const opened = await open(file, 'r').catch(() => null);
  if (opened === null) return false;
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead).includes('\n');
  } finally {
    await opened.close();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: TRY_FOR_MS });
    const done = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

function answersWell(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const url = new URL(`http://127.0.0.1:${port}${path}`);
    const request = get(url, { agent: false, timeout: TRY_FOR_MS, signal }, ({ statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

function lineWith(text: string, log: ProcLog, signal: AbortSignal): Promise<boolean> {
  // The text may begin in one piece of a long line and end in the next one of its stream.
  const before: Record<OutputStream, string> = { stdout: '', stderr: '' };
  return new Promise((resolve) => {
    const done = (found: boolean) => {
      end();
      resolve(found);
    };
    const end = log.watch((line, stream) => {
      const seen = before[stream] + line.text;
      before[stream] = line.partial ? seen.slice(Math.max(0, seen.length - text.length + 1)) : '';
      if (seen.includes(text)) done(true);
    });
    signal.addEventListener('abort', () => done(false), { once: true });
  });
}
