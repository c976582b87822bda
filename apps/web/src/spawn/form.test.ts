import { SpawnRequest } from '@hostmesh/contract';
import { describe, expect, test } from 'vitest';
import { aProcMesh } from '../live/testing/proc-records.ts';
import { checkForm, fieldPath, isComplete } from './check.ts';
import { formOfQuery, queryOfForm, queryOfProcMesh } from './form-query.ts';
import { emptyForm, itemsOf, requestOf, type SpawnForm } from './form.ts';
import { previewSpawn, ranksToShow } from './preview.ts';

const form = (given: Partial<SpawnForm> = {}): SpawnForm => ({
  ...emptyForm,
  name: 'Workers',
  program: 'python3',
  args: itemsOf([{ text: '-c' }, { text: 'print("hi there")' }]),
  dims: itemsOf([{ label: 'gpus', size: '4' }]),
  ...given,
});

describe('a form', () => {
  test('makes a request of the contract', () => {
    const request = requestOf(
      form({
        env: itemsOf([{ name: 'MODE', value: 'fast' }]),
        bind: 'cpus=0-3\n\ncpunodebind=1 membind=1\n',
        readiness: { ...emptyForm.readiness, kind: 'tcp', port: '8080' },
        restart: { policy: 'on_failure', limit: '3', backoff: '2s' },
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
      readiness: {
        ...emptyForm.readiness,
        kind: 'http',
        port: '80',
        perSlot: false,
        path: '/up',
        timeout: '5s',
      },
      restart: { policy: 'always', limit: '2', backoff: '1s' },
      keep: true,
      timeout: '1m',
    });
    expect(formOfQuery(new URLSearchParams(queryOfForm(whole).toString()))).toEqual(whole);
  });

  test('can be filled with what a proc mesh was spawned with', () => {
    const again = formOfQuery(queryOfProcMesh(aProcMesh()));
    expect(requestOf(again)).toMatchObject({
      name: 'workers',
      perHost: { gpus: 4 },
      command: { program: 'sleep', args: ['60'] },
    });
  });

  test('that is empty is not wrong yet, and not complete', () => {
    expect(checkForm(emptyForm, ['hosts'], { total: 3, slots: 1 })).toEqual({});
    expect(isComplete(emptyForm)).toBe(false);
    expect(isComplete(form())).toBe(true);
  });
});

test.each<[string, Partial<SpawnForm>]>([
  ['perHost.hosts', { dims: itemsOf([{ label: 'hosts', size: '2' }]) }],
  ['perHost.gpus', { dims: itemsOf([{ label: 'gpus', size: '0' }]) }],
  ['perHost.gpus', { dims: itemsOf([{ label: 'gpus', size: 'four' }]) }],
  ['perHost.GPUs', { dims: itemsOf([{ label: 'GPUs', size: '4' }]) }],
  ['command.cwd', { cwd: 'tmp' }],
  ['command.env.1A', { env: itemsOf([{ name: '1A', value: '' }]) }],
  ['procBind', { bind: 'cores=1' }],
  ['procBind', { bind: 'cpus=0\ncpus=1' }],
  ['timeout', { timeout: '10 parsecs' }],
  ['readiness.port', { readiness: { ...emptyForm.readiness, kind: 'tcp', port: '99999' } }],
  ['restart.limit', { restart: { policy: 'always', limit: 'many', backoff: '' } }],
  ['perRank.12', { overrides: itemsOf([{ rank: '12', program: 'x', args: '', env: '' }]) }],
  ['perRank.1.args', { overrides: itemsOf([{ rank: '1', program: 'x', args: "'", env: '' }]) }],
])('%s is found wrong before it is sent: %j', (field, given) => {
  expect(Object.keys(checkForm(form(given), ['hosts'], { total: 12, slots: 4 }))).toContain(field);
});

test('a name that is no name is told how it is written', () => {
  const errors = checkForm(form({ env: itemsOf([{ name: '1A', value: '' }]) }), ['hosts'], {
    total: 12,
    slots: 4,
  });
  expect(errors['command.env.1A']).toContain('letters, digits');
});

test('the API’s paths and the schema’s are the same', () => {
  expect(fieldPath('perRank[3].program')).toBe('perRank.3.program');
  expect(fieldPath('command.args[0]')).toBe('command.args.0');
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

  test('without a dimension there is one proc per host', () => {
    expect(previewSpawn(form({ dims: [] }), { hosts: 3 }, hosts, [0]).total).toBe(3);
  });
});
