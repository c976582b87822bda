import { expect, test } from 'vitest';
import { preflightVerdict, type Foreseen } from './preflight-verdict.ts';

const quiet: Foreseen = {
  counts: { total: 4, reachable: 4, failed: 0, warned: 0, changed: 0 },
  shadowed: 0,
  replaces: null,
  inUse: null,
  pushesTo: null,
  busy: null,
  replace: false,
  takeOver: false,
};
const replaces = {
  meshId: 'mesh_1',
  mesh: 'train',
  procMeshes: [{ id: 'pm_1', name: 'w', running: 1 }],
  procMeshesTotal: 1,
  procs: 1,
  hostsLetGo: ['tcp:a:1'],
  hostsLetGoTotal: 1,
};
const inUse = {
  meshes: [
    {
      id: 'mesh_2',
      name: 'other',
      hosts: ['tcp:b:1'],
      hostsTotal: 1,
      procMeshes: [],
      procMeshesTotal: 0,
      procs: 0,
    },
  ],
  meshesTotal: 1,
  hostsTotal: 1,
  procs: 0,
};

test.each<[string, Partial<Foreseen>, string, RegExp]>([
  ['nothing to say', {}, 'fine', /^All 4 hosts answer/],
  ['values that change', { counts: { ...quiet.counts, changed: 2 } }, 'fine', /2 hosts would change/],
  ['a push in place', { pushesTo: 'train' }, 'fine', /nothing ends/],
  ['warnings', { counts: { ...quiet.counts, warned: 1 } }, 'warnings', /1 host has something to look at/],
  ['keys without effect', { shadowed: 2 }, 'warnings', /On 2 hosts some keys/],
  ['hosts that fail', { counts: { ...quiet.counts, failed: 3 } }, 'would_fail', /fail on 3 of 4 hosts/],
  [
    'another mesh of the name',
    { replaces },
    'would_fail',
    /1 proc of w ends, and 1 host is let go \(tcp:a:1\)/,
  ],
  [
    'the same, which may go',
    { replaces, replace: true },
    'warnings',
    /1 proc of w ends, and 1 host is let go/,
  ],
  [
    'hosts of others',
    { inUse },
    'would_fail',
    /mesh other uses 1 host \(tcp:b:1\), no proc of it runs there/,
  ],
  ['the same, which may be taken', { inUse, takeOver: true }, 'warnings', /taken over: mesh other/],
  ['an attempt that runs', { busy: 'Attempt att_1 is working on it.' }, 'would_fail', /att_1/],
])('a preflight with %s is judged once, with its reason', (_, seen, kind, says) => {
  const verdict = preflightVerdict({ ...quiet, ...seen });
  expect(verdict.kind).toBe(kind);
  expect([verdict.summary, ...verdict.sentences].join(' ')).toMatch(says);
});
