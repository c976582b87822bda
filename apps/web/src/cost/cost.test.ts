import { expect, test } from 'vitest';
import { costOf } from './cost.ts';

const running = { procMeshes: [{ id: 'pm_1', name: 'w', running: 2 }], procMeshesTotal: 1, procs: 2 };

test('a refusal for what would end names it, and asks for just that permission', () => {
  const ends = { meshId: 'm', mesh: 'train', ...running, hostsLetGo: ['tcp:a:1'], hostsLetGoTotal: 3 };
  expect(costOf({ ends })).toEqual({
    permission: { replace: true },
    sentence: expect.stringContaining('2 procs of w end, and 3 hosts are let go'),
    lines: ['w: 2 procs end', 'tcp:a:1: let go'],
    more: 2,
    verb: 'Replace train',
  });
});

test('a refusal for hosts of other meshes names them and what runs there', () => {
  const meshes = [{ id: 'm', name: 'other', hosts: ['tcp:a:1'], hostsTotal: 1, ...running }];
  expect(costOf({ inUse: { meshes, meshesTotal: 1, hostsTotal: 1, procs: 2 } })).toEqual({
    permission: { takeOver: true },
    sentence: expect.stringContaining('mesh other uses 1 host (tcp:a:1), 2 procs of w run there'),
    lines: ['tcp:a:1: of mesh other'],
    more: 0,
    verb: 'Take over 1 host',
  });
});

test('any other refusal is no question of cost', () => {
  expect(costOf({})).toBeUndefined();
  expect(costOf(null)).toBeUndefined();
});
