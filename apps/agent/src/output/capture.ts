import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.ts';
import type { ProcLog, Stream } from './proc-log.ts';

/** Reads a pipe into a log, no faster than the log can be written. Resolves at the end of the pipe, or when it breaks. */
export function capture(pipe: Readable, stream: Stream, log: ProcLog): Promise<void> {
  const splitter = new LineSplitter();
  return new Promise((resolve) => {
    pipe.on('data', (chunk: Buffer) => {
      const behind = log.add(stream, splitter.push(chunk), Date.now());
      if (behind === null) return;
      pipe.pause();
      void behind.then(() => pipe.resume());
    });
    pipe.once('close', () => {
      void log.add(stream, splitter.end(), Date.now());
      resolve();
    });
    // The other end broke: what came before is there, and `close` follows.
    pipe.on('error', () => {});
  });
}
