import { SpawnRequest } from '@hostmesh/contract';
import { aProcMesh } from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { checkForm } from './check-form.ts';
import { previewSpawn, ranksToShow } from './preview.ts';
import { itemsOf, perHostOf } from './rows.ts';
import {
  emptySpawnForm,
  formOfQuery,
  queryOfForm,
  queryOfProcMesh,
  spawnRequestOf,
  type SpawnForm,
} from './spawn-form.ts';

const form = (given: Partial<SpawnForm> = {}): SpawnForm => ({
  ...emptySpawnForm,
  name: 'Workers',
  program: 'python3',
  args: itemsOf([{ text: '-c' }, { text: 'print("hi there")' }]),
  dims: itemsOf([{ name: 'gpus', value: '4' }]),
  ...given,
});

const isComplete = (given: SpawnForm): boolean =>
  checkForm(given, { meshLabels: ['hosts'], slots: 4, total: 12 }).request !== null;

describe('a form', () => {
  test('makes a request of the contract', () => {
    const request = spawnRequestOf(
      form({
        env: itemsOf([{ name: 'MODE', value: 'fast' }]),
        bind: 'cpus=0-3\n\ncpunodebind=1 membind=1\n',
        ready: 'tcp',
        port: '8080',
        restart: 'on_failure',
        limit: '3',
        backoff: '2s',
        overrides: itemsOf([{ rank: '3', program: 'false', args: `-x 'a b'`, env: 'A=1\nB=2=3' }]),
      }),
    );
    expect(SpawnRequest.parse(request)).toEqual(request);
    expect(request).toMatchObject({
      perHost: { gpus: 4 },
      command: { program: 'python3', args: ['-c', 'print("hi there")'], env: { MODE: 'fast' } },
      procBind: [{ cpus: '0-3' }, { cpunodebind: '1', membind: '1' }],
      perRank: { 3: { program: 'false', args: ['-x', 'a b'], env: { A: '1', B: '2=3' } } },
      readiness: { kind: 'tcp', port: 8080, perSlot: true },
      restart: { policy: 'on_failure', limit: 3, backoff: '2s' },
    });
  });

  test('survives as a link', () => {
    const whole = form({
      cwd: '/srv',
      bind: 'cpus=0\ncpus=1',
      env: itemsOf([{ name: 'A', value: 'b=c&d' }]),
      ready: 'http',
      port: '80',
      perSlot: false,
      path: '/up',
      readyTimeout: '5s',
      restart: 'always',
      limit: '2',
      backoff: '1s',
      keep: true,
      timeout: '1m',
    });
    expect(formOfQuery(new URLSearchParams(queryOfForm(whole).toString()))).toEqual(whole);
  });

  test('can be filled with what a proc mesh was spawned with', () => {
    const again = formOfQuery(queryOfProcMesh(aProcMesh({ perHost: { gpus: 4 } })));
    expect(spawnRequestOf(again)).toMatchObject({
      name: 'workers',
      perHost: { gpus: 4 },
      command: { program: 'sleep', args: ['60'] },
    });
  });

  test('that is empty is not complete', () => {
    expect(isComplete(emptySpawnForm)).toBe(false);
    expect(isComplete(form())).toBe(true);
  });
});

describe('what a link does not know', () => {
  const again = formOfQuery(
    queryOfProcMesh(
      aProcMesh({
        command: { program: 'sleep', args: [], arg0: null, cwd: null, runAs: null, envNames: ['TOKEN'] },
      }),
    ),
  );

  test('is not taken for empty, and has to be typed first', () => {
    expect(again.env).toEqual([{ id: 1, name: 'TOKEN', value: null }]);
    expect(isComplete(again)).toBe(false);
    const typed = { ...again, env: again.env.map((variable) => ({ ...variable, value: '' })) };
    expect(isComplete(typed)).toBe(true);
    expect(spawnRequestOf(typed)).toMatchObject({ command: { env: { TOKEN: '' } } });
  });

  test('stays unknown in a link of that form', () => {
    expect(queryOfForm(again).getAll('env')).toEqual(['TOKEN']);
  });
});

test('what differs at single ranks survives as a link, as it was typed', () => {
  const overrides = itemsOf([
    { rank: '3', program: 'false', args: `-x 'a b'`, env: 'A=1\nB=2=3' },
    { rank: '', program: 'sh', args: '', env: '' },
    { rank: '3', program: '', args: '', env: 'C=' },
  ]);
  const query = queryOfForm(form({ overrides }));
  expect(formOfQuery(new URLSearchParams(query.toString())).overrides).toEqual(overrides);
  expect(formOfQuery(new URLSearchParams('rankProgram=lost&rank=1&rankEnv=A=1')).overrides).toEqual(
    itemsOf([{ rank: '1', program: '', args: '', env: 'A=1' }]),
  );
});

test('numbers are those that are written in digits alone', () => {
  for (const size of ['-1', '1.5', '1e3', '0x10', '', 'four'])
    expect(perHostOf(itemsOf([{ name: 'gpus', value: size }]))).toEqual({ gpus: 0 });
  expect(spawnRequestOf(form({ ready: 'tcp', port: '1e3' }))).toMatchObject({
    readiness: { port: Number.NaN },
  });
});

describe('a preview', () => {
  const hosts = ['tcp:a:1', 'tcp:b:1', 'tcp:c:1'];

  test('counts procs and names where each rank goes, row by row', () => {
    const preview = previewSpawn(form(), { hosts: 3 }, hosts, [0, 5, 11, 12]);
    expect(preview).toMatchObject({ hosts: 3, slots: 4, total: 12 });
    expect(preview.first).toMatchObject([
      { rank: 0, host: 'tcp:a:1', point: 'hosts=0/3,gpus=0/4', label: 'workers-0' },
      { rank: 5, host: 'tcp:b:1', point: 'hosts=1/3,gpus=1/4', label: 'workers-5' },
      { rank: 11, host: 'tcp:c:1', point: 'hosts=2/3,gpus=3/4', label: 'workers-11' },
    ]);
  });

  test('shows what a rank differs in', () => {
    const overrides = itemsOf([{ rank: '7', program: 'false', args: '', env: 'A=1' }]);
    const ranks = ranksToShow(form({ overrides }));
    expect(ranks).toEqual([0, 1, 2, 3, 7]);
    expect(previewSpawn(form({ overrides }), { hosts: 3 }, hosts, ranks).first.at(-1)).toMatchObject({
      program: 'false',
      args: ['-c', 'print("hi there")'],
      isOverridden: true,
      env: expect.arrayContaining([
        ['HOSTMESH_RANK', '7'],
        ['A', '1'],
      ]),
    });
  });

  test('finds the rank that the request will name', () => {
    const overrides = itemsOf([{ rank: '01', program: 'false', args: '', env: '' }]);
    expect(spawnRequestOf(form({ overrides }))).toMatchObject({ perRank: { 1: { program: 'false' } } });
    expect(ranksToShow(form({ overrides }))).toEqual([0, 1, 2, 3]);
    expect(previewSpawn(form({ overrides }), { hosts: 3 }, hosts, [1]).first).toMatchObject([
      { program: 'false', isOverridden: true },
    ]);
  });

  test('does not name procs before somebody does', () => {
    expect(previewSpawn(form({ name: ' ' }), { hosts: 3 }, hosts, [0]).first[0]?.label).toBe('…-0');
  });

  test('without a dimension there is one proc per host', () => {
    expect(previewSpawn(form({ dims: [] }), { hosts: 3 }, hosts, [0]).total).toBe(3);
  });
});
