import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.ts';
import { PendingLine } from './pending-line.ts';
import type { ProcLog, OutputStream } from './proc-log.ts';

/** Reading rests for so many times as long as it worked: all output together takes a fifth of the agent's time. */
const REST_FACTOR = 4;
/** Rests shorter than that are saved up: those who write little are never paused. */
const MIN_REST_MS = 5;
/** What an ended process wrote last arrives at once: after so long without a byte, reading ends. */
const SILENCE_MS = 500;
/** Processes that an ended one has left behind may write to its pipes for ever: after so long, reading ends. */
const FINISH_WITHIN_MS = 5_000;

/** How much reading of all pipes together rests. */
export class ReadingPace {
  #restsUntilMs = 0;

  /** How long reading is to rest after work between two times of the monotonic clock. */
  restAfter(startedAtMs: number, endedAtMs: number): number {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, startedAtMs) + REST_FACTOR * (endedAtMs - startedAtMs);
    return this.#restsUntilMs - endedAtMs;
  }
}

/** A pipe that is being read. */
export interface Capture {
  /** Reads what is left, without rests, and lets go of the pipe. Resolves when all of it is in the log. */
  finish(): Promise<void>;
}

/**
 * Reads a pipe into a log, no faster than the log can be written, nor so fast that the agent has no time for its clients.
 */
export function capture(pipe: Readable, stream: OutputStream, log: ProcLog, pace: ReadingPace): Capture {
  const splitter = new LineSplitter();
  const openLine = new PendingLine(splitter, (text) => log.show(stream, text, log.nowMs()));
  let isFinishing = false;
  let silence: NodeJS.Timeout | undefined;
  const waitForMore = () => {
    clearTimeout(silence);
    // What came while the agent was busy is read before the immediate.
    const timer = setTimeout(() => setImmediate(() => silence === timer && pipe.destroy()), SILENCE_MS);
    silence = timer;
  };
  const readOn = () => {
    if (isFinishing) waitForMore();
    pipe.resume();
  };
  pipe.on('data', (chunk: Buffer) => {
    clearTimeout(silence);
    const startedAtMs = performance.now();
    log.hear(stream, chunk);
    const lines = splitter.push(chunk);
    const behind = log.add(stream, lines, log.nowMs());
    openLine.changed(lines.length > 0);
    const pauseMs = pace.restAfter(startedAtMs, performance.now());
    const restMs = isFinishing ? 0 : pauseMs;
    if (behind === null && restMs < MIN_REST_MS) return readOn();
    pipe.pause();
    void Promise.resolve(behind).then(() => (restMs > 0 ? setTimeout(readOn, restMs) : readOn()));
  });
  // The other end broke: what came before is there, and `close` follows.
  pipe.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    pipe.once('close', () => {
      clearTimeout(silence);
      openLine.stop();
      void log.add(stream, splitter.end(), log.nowMs());
      resolve();
    });
  });
  return {
    async finish() {
      isFinishing = true;
      readOn();
      const late = setTimeout(() => pipe.destroy(), FINISH_WITHIN_MS);
      await closed;
      clearTimeout(late);
    },
  };
}
