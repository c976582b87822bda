import { expect, test } from 'vitest';
import { whyNoProcess } from './why-no-process.ts';

/** A machine that has just these files. */
const machine = (files: Readonly<Record<string, string>>) => (path: string) => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT ${path}`);
  return text;
};
const limits =
  'Max processes             512                  1024    processes\nMax open files  64  4096  files\n';

test('a cgroup that is full is named, at whatever height and of either version', () => {
  const v2 = machine({
    '/proc/self/cgroup': '0::/a/agent.service\n',
    '/sys/fs/cgroup/a/agent.service/pids.max': 'max',
    '/sys/fs/cgroup/a/pids.max': '100',
    '/sys/fs/cgroup/a/pids.current': '99',
  });
  expect(whyNoProcess('EAGAIN', v2)).toContain('the cgroup /a has 99 of 100 processes: raise its pids.max');
  const v1 = machine({
    '/proc/self/cgroup': '9:name=systemd:/\n8:pids:/docker/1\n',
    '/sys/fs/cgroup/pids/docker/1/pids.max': '50\n',
    '/sys/fs/cgroup/pids/docker/1/pids.current': '50\n',
  });
  expect(whyNoProcess('EAGAIN', v1)).toContain('the cgroup /docker/1 has 50 of 50 processes');
});

test('where no cgroup is full, the limits of the user and the machine are told', () => {
  const told = whyNoProcess(
    'EAGAIN',
    machine({ '/proc/self/limits': limits, '/proc/sys/kernel/pid_max': '4194304' }),
  );
  expect(told).toContain('its user may have 512 processes (ulimit -u');
  expect(told).toContain('4194304 (kernel.pid_max');
});

test.each([
  ['EMFILE', /64\): start it after `ulimit -n 128`/],
  ['ENFILE', /fs\.file-max/],
  ['ENOMEM', /no memory left/],
])('%s names what has run out and how to have more', (code, told) => {
  expect(whyNoProcess(code, machine({ '/proc/self/limits': limits }))).toMatch(told);
});

test('other codes, and a machine that tells nothing, are no guess', () => {
  expect(whyNoProcess('E2BIG')).toBeNull();
  expect(whyNoProcess('EAGAIN', machine({}))).toContain('raise what is reached');
});
