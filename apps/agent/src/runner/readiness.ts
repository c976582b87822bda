import { assertNever, pauseFor } from '@hostmesh/core';
import type { Readiness } from '@hostmesh/protocol';
import { open } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { timeLeftMs } from '../clock/agent-clock.ts';
import type { ProcLog } from '../output/proc-log.ts';
import { loopbacks, ownerOfPort, whyNotOwn, whyNotServed, type Loopback } from '../processes/port-owner.ts';
import { TextSearch } from './text-search.ts';

const TRY_EVERY_MS = 100;
/** After so many tries on a port that nobody serves it is looked why, which takes reading all sockets of the host. */
const TRIES_TO_LOOK = 10;
const TRY_FOR_MS = 2_000;
/** As much of a log is in memory at a time. */
const LOG_BYTES = 256 * 1024;

/** What readiness can be seen in. */
export interface ReadinessSources {
  readonly log: ProcLog;
  /** Since when the process runs; milliseconds since 1970. */
  readonly startedAtMs: number;
  /** An earlier agent has started it. */
  readonly isAdopted: boolean;
  /** The inherited descriptor: its pipe, or the file that stands in for it where the process outlives its agent. */
  readonly descriptor: Readable | string | null;
  /** Its processes; null: not to be told now. */
  members(): readonly number[] | null;
  /** Hears why a port does not make it ready; null: not any more. */
  onWaiting(why: string | null): void;
}

/** Resolves when a process is ready, with where it listens if that is what makes it so; with null when the signal fires. */
export async function whenReady(
  readiness: Readiness,
  sources: ReadinessSources,
  signal: AbortSignal,
): Promise<{ readonly address: string | null } | null> {
  const { log, startedAtMs, descriptor } = sources;
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
      const at = await whenServed(port, sources, signal, () => Promise.resolve(null));
      return at && { address: `tcp:${hostText(at)}:${port}` };
    }
    case 'http': {
      const { port, path } = readiness;
      const urlAt = (at: Loopback) => `http://${hostText(at)}:${port}${path}`;
      const at = await whenServed(port, sources, signal, (each) => whyNoAnswer(urlAt(each), signal));
      return at && { address: urlAt(at) };
    }
    case 'output':
      return (await writes(readiness.contains, sources, signal)) ? { address: null } : null;
    default:
      return assertNever(readiness);
  }
}

const hostText = (at: Loopback): string => (at.includes(':') ? `[${at}]` : at);

/**
 * Waits until a port of the loopback accepts connections, and it is the proc that does: another process says nothing of it;
 * and until `whyNot` has nothing against it. Where both addresses of the loopback are served the first counts.
 */
async function whenServed(
  port: number,
  { members, onWaiting }: ReadinessSources,
  signal: AbortSignal,
  whyNot: (at: Loopback) => Promise<string | null>,
): Promise<Loopback | null> {
  let found: Loopback | null = null;
  let tries = 0;
  const isServed = async (): Promise<boolean> => {
    tries += 1;
    const at = (await accepts(loopbacks[0], port))
      ? loopbacks[0]
      : (await accepts(loopbacks[1], port))
        ? loopbacks[1]
        : null;
    if (at === null) {
      if (tries % TRIES_TO_LOOK === 0) onWaiting(whyNotServed(port, members()));
      return false;
    }
    const owner = ownerOfPort(at, port, members());
    const why = whyNotOwn(port, owner) ?? (owner.kind === 'proc' ? await whyNot(at) : null);
    onWaiting(why);
    if (why === null && owner.kind === 'proc') found = at;
    return found !== null;
  };
  return (await poll(isServed, signal)) ? found : null;
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

function accepts(host: Loopback, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TRY_FOR_MS });
    const done = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

/** Why what answers there, or does not, is no sign of being ready; null when it is one. */
function whyNoAnswer(url: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: TRY_FOR_MS, signal }, ({ statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? null : `${url} answers with ${statusCode}`);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(`${url} does not answer`));
  });
}

/**
 * Looks at what comes as it comes, whether its line ends or not; where an earlier agent has started the process, at what
 * that one has logged, too.
 */
async function writes(
  wanted: string,
  { log, startedAtMs, isAdopted }: ReadinessSources,
  signal: AbortSignal,
): Promise<boolean> {
  const search = new TextSearch(wanted);
  const found = Promise.withResolvers<boolean>();
  const endWatch = log.watch((chunk, stream) => search.finds(stream, chunk) && found.resolve(true));
  const giveUp = () => found.resolve(false);
  signal.addEventListener('abort', giveUp);
  if (isAdopted && (await hasLogged(wanted, log, startedAtMs))) found.resolve(true);
  const isFound = await found.promise;
  signal.removeEventListener('abort', giveUp);
  endWatch();
  return isFound;
}

/** Whether a process has written a text since it was started; false where its log cannot be read. */
async function hasLogged(wanted: string, log: ProcLog, startedAtMs: number): Promise<boolean> {
  const search = new TextSearch(wanted);
  for (let after = 0; after < log.lastSeq;) {
    const range = { after, tail: null, maxBytes: LOG_BYTES, waitMs: 0, openVersion: null };
    const page = await log.read(range, AbortSignal.abort()).catch(() => null);
    const last = page?.entries.at(-1);
    if (page === null || last === undefined) return false;
    for (const { at, stream, text, partial } of page.entries) {
      if (at >= startedAtMs && search.finds(stream, Buffer.from(partial ? text : `${text}\n`))) return true;
    }
    after = last.seq;
  }
  return false;
}
