import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** Seconds to sleep that no other process of this machine sleeps: a mark that can be found again. */
export const uniqueSeconds = (): string => String(randomInt(1_000_000, 9_000_000));

/** Processes of this machine with the text in their command line, zombies left out. */
export async function pidsOf(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(
    // One that has ended meanwhile has no command line.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((pid, index) => pid !== process.pid && lines[index]?.includes(text) === true);
}
