import { pino } from 'pino';

/** Log lines that nobody has taken yet, in bytes; beyond that the newest are dropped rather than block the part. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Where a part's log goes: its standard output. */
export type OutputLog = ReturnType<typeof pino.destination>;

/**
 * Standard output as the destination of a log. Where it cannot be written, since it leads to a file on a full disk, that is
 * said once on standard error, what comes then waits in memory, and how many lines are missing is said once it can be again.
 */
export function outputLog(fd = 1, complain: (text: string) => void = complainOnStderr): OutputLog {
  const log = pino.destination({ dest: fd, sync: false, maxLength: MAX_WAITING_BYTES });
  let isInTrouble = false;
  let dropped = 0;
  log.on('error', (error: unknown) => {
    if (isInTrouble) return;
    isInTrouble = true;
    complain(
      `the log cannot be written (${error instanceof Error ? error.message : String(error)}); it waits in memory\n`,
    );
  });
  log.on('drop', () => {
    dropped += 1;
  });
  log.on('drain', () => {
    if (isInTrouble) complain(`the log can be written again; ${dropped} lines of it are missing\n`);
    isInTrouble = false;
    dropped = 0;
  });
  return log;
}

function complainOnStderr(text: string): void {
  process.stderr.write(text);
}
