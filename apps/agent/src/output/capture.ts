import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.ts';
import type { ProcLog, Stream } from './proc-log.ts';

/** Reading rests for so many times as long as it worked: all output together takes a fifth of the agent's time. */
const REST_FACTOR = 4;
/** Rests shorter than that are saved up: those who write little are never paused. */
const MIN_REST_MS = 5;

/** Until when reading rests, over all pipes. */
let restsUntilMs = 0;

/**
 * Reads a pipe into a log, no faster than the log can be written, nor so fast that the agent has no time for its clients.
 * Resolves at the end of the pipe, or when it breaks.
 */
export function capture(pipe: Readable, stream: Stream, log: ProcLog): Promise<void> {
  const splitter = new LineSplitter();
  return new Promise((resolve) => {
    pipe.on('data', (chunk: Buffer) => {
      const startedAtMs = performance.now();
      const behind = log.add(stream, splitter.push(chunk), Date.now());
      const endedAtMs = performance.now();
      restsUntilMs = Math.max(restsUntilMs, startedAtMs) + REST_FACTOR * (endedAtMs - startedAtMs);
      const restMs = restsUntilMs - endedAtMs;
      if (behind === null && restMs < MIN_REST_MS) return;
      pipe.pause();
      void Promise.resolve(behind).then(() => setTimeout(() => pipe.resume(), restMs));
    });
    pipe.once('close', () => {
      void log.add(stream, splitter.end(), Date.now());
      resolve();
    });
    // The other end broke: what came before is there, and `close` follows.
    pipe.on('error', () => {});
  });
}
