import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Account } from './account.ts';

/**
 * Starts one of the server's programs under the account. It gets a session of its own: Ctrl-C in a terminal
 * then stops Hostmesh, which stops the server when it has written what it has to write.
 */
export function startProgram(
  account: Account,
  program: string,
  args: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  const [command, ...rest] = [...account.prefix, program, ...args];
  return spawn(command ?? program, rest, {
    ...account.spawnAs,
    cwd: '/',
    detached: true,
    stdio,
    // Nothing of ours is its business: PGDATA or PGPORT in our environment would even mislead it.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}
