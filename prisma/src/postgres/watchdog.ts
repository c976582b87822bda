import { spawn } from 'node:child_process';

/**
 * Ends the server when we die without ending it, be it by SIGKILL: a shell waits on a pipe that only we hold,
 * and the kernel closes it whatever way we go. Answers what calls the watchdog off.
 */
export function watchOver(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', String(pid)], {
    cwd: '/',
    // Out of reach of a signal to our process group, which is when it is needed.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return () => {
    watchdog.kill('SIGKILL');
    watchdog.stdin.destroy();
  };
}
