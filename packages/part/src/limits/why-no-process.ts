import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { howToRaise, readOpenFileLimit } from './open-files.ts';

/** Reads a file of the system whole; throws where it is not there. */
type ReadText = (path: string) => string;
const readSystem: ReadText = (path) => readFileSync(path, 'utf8');

/** A group that is this near to its limit counts as full: its processes come and go. */
const NEAR = 3;

/**
 * Which limit of this machine, or of this process, keeps another process from being started, and how to raise it; null for
 * codes that say something else. What is to be started has no part in it.
 */
export function whyNoProcess(code: string, read: ReadText = readSystem): string | null {
  switch (code) {
    case 'EAGAIN':
      return `no further process can be started here (EAGAIN): ${fullGroup(read) ?? userLimit(read)}`;
    case 'EMFILE': {
      const limit = readOpenFileLimit(() => read('/proc/self/limits'));
      const raise = limit === null ? 'raise it (ulimit -n)' : howToRaise(limit, limit.soft * 2);
      return `the agent has as many open files as it may (EMFILE, ${limit?.soft ?? 'limited'}): ${raise}`;
    }
    case 'ENFILE':
      return `this machine has as many open files as it may (ENFILE): raise fs.file-max (${textOf(read, '/proc/sys/fs/file-max')})`;
    case 'ENOMEM':
      return 'this machine has no memory left for another process (ENOMEM): free some, or allow more (memory.max of the cgroup, vm.overcommit_memory)';
    default:
      return null;
  }
}

const textOf = (read: ReadText, path: string): string => {
  try {
    return read(path).trim();
  } catch {
    return '';
  }
};

/** The cgroup around this process that has as many processes as it may, of version 2 or 1. */
function fullGroup(read: ReadText): string | null {
  for (const line of textOf(read, '/proc/self/cgroup').split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === '' || !['', 'pids'].includes(controllers)) continue;
    const root = controllers === '' ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
    for (let at = path; ; at = dirname(at)) {
      const max = textOf(read, join(root, at, 'pids.max'));
      const current = Number(textOf(read, join(root, at, 'pids.current')));
      if (/^\d+$/.test(max) && current + NEAR >= Number(max))
        return `the cgroup ${at} has ${current} of ${max} processes: raise its pids.max (TasksMax= in a systemd unit)`;
      if (at === '/') break;
    }
  }
  return null;
}

/** The other limits on processes, which show no count of their own. */
function userLimit(read: ReadText): string {
  const [, soft = 'unlimited'] = /^Max processes\s+(\S+)/m.exec(textOf(read, '/proc/self/limits')) ?? [];
  const user =
    soft === 'unlimited'
      ? ''
      : `its user may have ${soft} processes (ulimit -u, LimitNPROC= in a systemd unit), `;
  return `${user}and the machine ${textOf(read, '/proc/sys/kernel/pid_max') || 'a limited number'} (kernel.pid_max, kernel.threads-max): raise what is reached`;
}
