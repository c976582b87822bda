import { describe, expect, test } from 'vitest';
import { checkForm, hasField, problemErrors, rowError } from './check-form.ts';
import { itemsOf } from './rows.ts';
import { emptySpawnForm, type SpawnForm } from './spawn-form.ts';

const form = (given: Partial<SpawnForm> = {}): SpawnForm => ({
  ...emptySpawnForm,
  name: 'Workers',
  program: 'python3',
  dims: itemsOf([{ name: 'gpus', value: '4' }]),
  ...given,
});
const check = (given: Partial<SpawnForm>, total = 12) =>
  checkForm(form(given), { meshLabels: ['hosts'], total, slots: 4 }).errors;
const differing = (...overrides: readonly Partial<SpawnForm['overrides'][number]>[]) => ({
  overrides: itemsOf(overrides.map((one) => ({ rank: '', program: '', args: '', env: '', ...one }))),
});

test('a form that is empty, or has rows that are, is not wrong yet', () => {
  const blank = {
    dims: itemsOf([{ name: '', value: '' }]),
    env: itemsOf([{ name: '', value: '' }]),
    ...differing({}),
  };
  for (const given of [emptySpawnForm, { ...emptySpawnForm, ...blank }])
    expect(checkForm(given, { meshLabels: ['hosts'], total: 3, slots: 1 }).errors).toEqual({});
});

test.each<[string, string, Partial<SpawnForm>]>([
  ['name', 'A name has at most 200 characters.', { name: 'n'.repeat(201) }],
  [
    'dims.1.name',
    'The mesh itself has a dimension hosts.',
    { dims: itemsOf([{ name: 'hosts', value: '2' }]) },
  ],
  [
    'dims.1.value',
    'With 0 there would be no procs at all.',
    { dims: itemsOf([{ name: 'gpus', value: '0' }]) },
  ],
  ['dims.1.value', 'A whole number is needed.', { dims: itemsOf([{ name: 'gpus', value: '-1' }]) }],
  ['dims.1.value', 'A whole number is needed.', { dims: itemsOf([{ name: 'gpus', value: '1.5' }]) }],
  [
    'dims.1.value',
    'A size is a whole number from 1 to 100,000.',
    { dims: itemsOf([{ name: 'gpus', value: '99999999' }]) },
  ],
  ['dims.1.name', 'A size needs a label, such as gpus.', { dims: itemsOf([{ name: ' ', value: '4' }]) }],
  [
    'dims.1.name',
    'A dimension is named with lower case letters, digits and _, a letter first: gpus.',
    { dims: itemsOf([{ name: 'GP.Us', value: '4' }]) },
  ],
  [
    'dims.2.name',
    'gpus is given twice.',
    {
      dims: itemsOf([
        { name: 'gpus', value: '2' },
        { name: ' gpus', value: '3' },
      ]),
    },
  ],
  ['program', 'A program has at most 4,096 characters.', { program: 'p'.repeat(4097) }],
  ['cwd', 'A working directory begins with /.', { cwd: 'tmp' }],
  [
    'args.2.text',
    'An argument has at most 100,000 characters.',
    { args: itemsOf([{ text: '' }, { text: 'x'.repeat(100_001) }]) },
  ],
  [
    'env.1.name',
    'A variable is named with letters, digits and _, and no digit first.',
    { env: itemsOf([{ name: '1.A', value: '' }]) },
  ],
  [
    'env.2.name',
    'A is given twice.',
    {
      env: itemsOf([
        { name: 'A', value: '1' },
        { name: 'A ', value: '2' },
      ]),
    },
  ],
  ['env.1.name', 'A value needs a name.', { env: itemsOf([{ name: '', value: '1' }]) }],
  [
    'env.1.value',
    'A value has at most 100,000 characters.',
    { env: itemsOf([{ name: 'A', value: 'x'.repeat(100_001) }]) },
  ],
  [
    'env.1.name',
    'HOSTMESH_RANK is set by Hostmesh itself, for each proc.',
    { env: itemsOf([{ name: 'HOSTMESH_RANK', value: '7' }]) },
  ],
  [
    'env.1.name',
    'HOSTMESH_READY_FD is set by Hostmesh itself, for each proc.',
    { env: itemsOf([{ name: 'HOSTMESH_READY_FD', value: '7' }]) },
  ],
  ['bind', 'A host has 4 slots, and this binds 2.', { bind: 'cpus=0\ncpus=1' }],
  ['timeout', "Invalid duration '9999h': it must be from 1ms to 365d.", { timeout: '9999h' }],
  ['timeout', "Invalid duration '0s': it must be from 1ms to 365d.", { timeout: '0s' }],
  ['aliveFor', "Invalid duration '366d': it must be from 0s to 365d.", { aliveFor: '366d' }],
  ['readyTimeout', "Invalid duration '365d 1ms': it must be from 0s to 365d.", { readyTimeout: '365d 1ms' }],
  ['backoff', "Invalid duration '366d': it must be from 0s to 365d.", { restart: 'always', backoff: '366d' }],
  ['port', 'A port is a whole number from 1 to 65535.', { ready: 'tcp', port: '99999' }],
  ['port', 'A port is a whole number from 1 to 65535.', { ready: 'tcp', port: '1e3' }],
  ['path', 'A path begins with /.', { ready: 'http', port: '80', path: 'up' }],
  ['limit', 'A whole number from 0 to 1000 is needed.', { restart: 'always', limit: 'many' }],
  ['overrides.1.rank', 'The last rank is 11.', differing({ rank: '12', program: 'x' })],
  ['overrides.1.rank', 'A rank is a whole number.', differing({ rank: 'first', program: 'x' })],
  ['overrides.1.rank', 'Say which rank.', differing({ program: 'x' })],
  [
    'overrides.2.rank',
    'Rank 1 is there twice.',
    differing({ rank: '1', program: 'x' }, { rank: '01', program: 'y' }),
  ],
  ['overrides.1.args', "A quote ' is opened and not closed.", differing({ rank: '1', args: "'" })],
  ['overrides.1.env', 'Line 2: Write it as NAME=value.', differing({ rank: '1', env: 'A=1\nB' })],
  ['overrides.1.env', 'Line 1: Write it as NAME=value.', differing({ rank: '1', env: '=1' })],
  ['overrides.1.env', 'Line 3: A is given twice.', differing({ rank: '1', env: 'A=1\n\nA=2' })],
  ['overrides.1.env', 'Line 1: Write it as NAME=value.', differing({ rank: '1', env: '  =1' })],
  ['overrides.1.env', 'Line 2: A is given twice.', differing({ rank: '1', env: 'A=1\n A =2' })],
  [
    'overrides.1.env',
    'HOSTMESH_POINT is set by Hostmesh itself, for each proc.',
    differing({ rank: '1', env: 'HOSTMESH_POINT=1' }),
  ],
  [
    'overrides.1.env',
    'A variable is named with letters, digits and _, and no digit first.',
    differing({ rank: '01', env: '1A=1' }),
  ],
])('%s is told “%s” before anything is sent', (field, message, given) => {
  expect(check(given)).toEqual({ [field]: message });
  expect(hasField(field)).toBe(true);
});

test('a duration that is none is told why', () => {
  expect(check({ timeout: '10 parsecs' })['timeout']).toMatch(
    /^Invalid duration .*unknown unit 'parsecs'.*\.$/,
  );
});

test('more procs than the API makes are refused', () => {
  expect(Object.keys(check({}, 100_000))).toEqual([]);
  expect(Object.keys(check({}, 100_001))).toEqual(['dims']);
});

test('HOSTMESH variables that nobody sets for a proc are free', () => {
  expect(check({ env: itemsOf([{ name: 'HOSTMESH_TOKEN', value: 'x' }]) })).toEqual({});
});

describe('what the API refuses', () => {
  const given = form({
    args: [{ id: 7, text: 'x' }],
    env: [{ id: 5, name: 'A', value: '1' }],
    overrides: [{ id: 3, rank: '03', program: 'x', args: '', env: '' }],
  });
  const refused = (...fields: readonly string[]) => ({
    type: '',
    title: '',
    status: 400,
    code: 'invalid_request',
    detail: '',
    requestId: '',
    errors: fields.map((field) => ({ field, message: `no ${field}` })),
  });

  test.each([
    ['perRank[3].program', 'overrides.3.program'],
    ['body.perRank[3]', 'overrides.3.rank'],
    ['command.args[0]', 'args.7.text'],
    ['command.env.A', 'env.5.name'],
    ['perHost.gpus', 'dims.1.name'],
    ['command.program', 'program'],
    ['command.env', 'env'],
    ['command.cwd', 'cwd'],
    ['command.runAs', 'runAs'],
    ['perRank.3.env', 'overrides.3.env'],
    ['perRank.3.cwd', 'overrides.3.rank'],
    ['restart', 'restart'],
  ])('%s is shown in its words at the field %s', (path, field) => {
    expect(problemErrors(given, refused(path))).toEqual({ [field]: `no ${path}` });
    expect(hasField(field)).toBe(true);
  });

  test.each(['', 'headers.prefer', 'command.arg0', 'readiness.port'])(
    'that no field stands for, such as “%s”, keeps its path',
    (path) => {
      expect(problemErrors(given, refused(path))).toEqual({ [path]: `no ${path}` });
      expect(hasField(path)).toBe(false);
    },
  );
});

test('a row tells what is wrong with it, and not what is wrong with the tenth', () => {
  const errors = { 'env.1.name': 'No.', 'env.1.value': 'Not so.', 'env.10.name': 'Never.' };
  expect(rowError(errors, 'env.1')).toBe('No. Not so.');
  expect(rowError({}, 'env.1')).toBeUndefined();
});
