/** One process as the kernel tells of it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Gone but for its exit code, which nobody has asked for yet. */
  readonly isZombie: boolean;
  /** Clock ticks since boot. */
  readonly startTicks: number;
  /** CPU time in milliseconds, that of children that have ended and were waited for included. */
  readonly cpuMs: number;
  readonly rssPages: number;
}

/** Linux tells times to programs in hundredths of a second on every architecture. */
const MS_PER_TICK = 10;

/** Reads `/proc/<pid>/stat`; null for what is no such line. */
export function parseStat(text: string): ProcessInfo | null {
  // The second field is the program's name, which may hold anything, parentheses too.
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const cpuTicks = field(14) + field(15) + field(16) + field(17);
  const info = {
    pid,
    groupId: field(5),
    sessionId: field(6),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    startTicks: field(22),
    cpuMs: cpuTicks * MS_PER_TICK,
    rssPages: field(24),
  };
  return Object.values(info).some((value) => Number.isNaN(value)) ? null : info;
}
