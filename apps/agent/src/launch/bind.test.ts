import { expect, test } from 'vitest';
import { bindPrefix } from './bind.ts';

const none = { cpunodebind: null, membind: null, physcpubind: null, cpus: null };
const both = { numactl: '/bin/numactl', taskset: '/bin/taskset' };

test.each([
  ['no binding', null, both, []],
  ['an empty binding', none, both, []],
  [
    'nodes and memory',
    { ...none, cpunodebind: '0', membind: '1' },
    both,
    ['/bin/numactl', '--cpunodebind=0', '--membind=1', '--'],
  ],
  ['CPUs', { ...none, cpus: '0-3' }, both, ['/bin/taskset', '--cpu-list', '--', '0-3']],
  [
    'nodes where there is no numactl, with CPUs beside',
    { ...none, cpunodebind: '0', cpus: '0-3' },
    { ...both, numactl: null },
    ['/bin/taskset', '--cpu-list', '--', '0-3'],
  ],
  [
    'CPUs where there is no taskset',
    { ...none, cpus: '0' },
    { ...both, taskset: null },
    ['/bin/numactl', '--physcpubind=0', '--'],
  ],
] as const)('%s', (_what, bind, tools, prefix) => {
  expect(bindPrefix(bind, tools)).toEqual({ ok: true, value: prefix });
});

test.each([
  [
    { ...none, cpus: '0' },
    { numactl: null, taskset: null },
  ],
  [
    { ...none, membind: '0' },
    { ...both, numactl: null },
  ],
])('what no tool can do is refused: %j', (bind, tools) => {
  expect(bindPrefix(bind, tools)).toMatchObject({ ok: false, fault: { code: 'bind_unavailable' } });
});
