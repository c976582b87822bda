import { aChange, aMesh } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { runWith } from '../testing/stand-in-api.ts';

const page = (items: readonly object[], total = items.length) => ({ items, nextCursor: null, total });

test('changes are filtered as asked, a mesh by its name, times as times or as how long ago', async () => {
  const mesh = aMesh();
  const answers = { 'GET /meshes': () => page([mesh]), 'GET /changes': () => page([aChange()]) };
  const filter = [
    '-m',
    mesh.name,
    '-k',
    'host',
    '-s',
    'unreachable',
    '--since',
    '2h',
    '--until',
    '2026-01-02',
  ];
  const { code, out, sent } = await runWith(answers, ['changes', ...filter]);
  expect(code).toBe(0);
  expect(sent.at(-1)?.query).toMatchObject({
    mesh: mesh.id,
    kind: 'host',
    state: 'unreachable',
    since: expect.stringMatching(/Z$/),
    until: '2026-01-02T00:00:00.000Z',
  });
  expect(out).toMatch(
    /host 3 of train \(tcp:10\.0\.0\.4:26600\) +healthy +unreachable +2m +no answer for 5s/,
  );
});

test('a list that is cut says of how many, JSON is the whole, and who asked is named', async () => {
  const stop = aChange({
    of: { kind: 'mesh', meshId: 'mesh_1', mesh: 'train' },
    to: 'stopped',
    by: 'ops',
    act: 'stop',
  });
  const answers = { 'GET /changes': () => ({ items: [stop], nextCursor: '7', total: 1027 }) };
  const { out } = await runWith(answers, ['changes', '--limit', '1']);
  expect(out).toContain('ops (stop)');
  expect(out).toContain('1 of 1,027. All of them: --all');
  const whole = await runWith({ 'GET /changes': () => page([stop]) }, ['--json', 'changes']);
  expect(JSON.parse(whole.out)).toEqual([stop]);
});

test('a time that is none is refused by its option', async () => {
  const { code, err, sent } = await runWith({}, ['changes', '--since', 'yesterday']);
  expect([code, sent]).toEqual([2, []]);
  expect(err).toContain("--since: invalid duration 'yesterday'");
});
