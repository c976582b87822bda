/** Sends a signal to a process, or to a group by its negative id. False when nobody is there to get it. */
export function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: somebody is there who has become another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
