import { describe, expect, test } from 'vitest';
import { checkForm, problemErrors } from './check.ts';
import { fieldPath, formField, hasField, rowErrors } from './field-path.ts';
import { emptySpawnForm, itemsOf, type SpawnForm } from './form.ts';

const form = (given: Partial<SpawnForm> = {}): SpawnForm => ({
  ...emptySpawnForm,
  name: 'Workers',
  program: 'python3',
  dims: itemsOf([{ label: 'gpus', size: '4' }]),
  ...given,
});
const check = (given: Partial<SpawnForm>, total = 12) =>
  checkForm(form(given), ['hosts'], { total, slots: 4 });
const differing = (...overrides: readonly Partial<SpawnForm['overrides'][number]>[]) => ({
  overrides: itemsOf(overrides.map((one) => ({ rank: '', program: '', args: '', env: '', ...one }))),
});
const { readiness } = emptySpawnForm;

test('a form that is empty, or has rows that are, is not wrong yet', () => {
  const blank = {
    dims: itemsOf([{ label: '', size: '' }]),
    env: itemsOf([{ name: '', value: '' }]),
    ...differing({}),
  };
  for (const given of [emptySpawnForm, { ...emptySpawnForm, ...blank }])
    expect(checkForm(given, ['hosts'], { total: 3, slots: 1 })).toEqual({});
});

test.each<[string, string, Partial<SpawnForm>]>([
  ['name', 'A name has at most 200 characters.', { name: 'n'.repeat(201) }],
  [
    'dims.1.label',
    'The mesh itself has a dimension hosts.',
    { dims: itemsOf([{ label: 'hosts', size: '2' }]) },
  ],
  [
    'dims.1.size',
    'With 0 there would be no procs at all.',
    { dims: itemsOf([{ label: 'gpus', size: '0' }]) },
  ],
  ['dims.1.size', 'A whole number is needed.', { dims: itemsOf([{ label: 'gpus', size: '-1' }]) }],
  ['dims.1.size', 'A whole number is needed.', { dims: itemsOf([{ label: 'gpus', size: '1.5' }]) }],
  [
    'dims.1.size',
    'A size is a whole number from 1 to 100,000.',
    { dims: itemsOf([{ label: 'gpus', size: '99999999' }]) },
  ],
  ['dims.1.label', 'A size needs a label, such as gpus.', { dims: itemsOf([{ label: ' ', size: '4' }]) }],
  [
    'dims.1.label',
    'A dimension is named with lower case letters, digits and _, a letter first: gpus.',
    { dims: itemsOf([{ label: 'GP.Us', size: '4' }]) },
  ],
  [
    'dims.2.label',
    'gpus is given twice.',
    {
      dims: itemsOf([
        { label: 'gpus', size: '2' },
        { label: ' gpus', size: '3' },
      ]),
    },
  ],
  ['command.program', 'A program has at most 4,096 characters.', { program: 'p'.repeat(4097) }],
  ['command.cwd', 'A working directory begins with /.', { cwd: 'tmp' }],
  [
    'args.2',
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
  ['procBind', 'A host has 4 slots, and this binds 2.', { bind: 'cpus=0\ncpus=1' }],
  ['timeout', 'The longest is 1d.', { timeout: '9999h' }],
  ['timeout', 'The shortest is 1ms.', { timeout: '0s' }],
  ['readiness.for', 'The longest is 1d.', { readiness: { ...readiness, aliveFor: '25h' } }],
  ['readiness.timeout', 'The longest is 1d.', { readiness: { ...readiness, timeout: '1d 1ms' } }],
  ['restart.backoff', 'The longest is 1d.', { restart: { policy: 'always', limit: '', backoff: '2d' } }],
  [
    'readiness.port',
    'A port is a whole number from 1 to 65535.',
    { readiness: { ...readiness, kind: 'tcp', port: '99999' } },
  ],
  [
    'readiness.port',
    'A port is a whole number from 1 to 65535.',
    { readiness: { ...readiness, kind: 'tcp', port: '1e3' } },
  ],
  [
    'readiness.path',
    'A path begins with /.',
    { readiness: { ...readiness, kind: 'http', port: '80', path: 'up' } },
  ],
  [
    'restart.limit',
    'A whole number from 0 to 1000 is needed.',
    { restart: { policy: 'always', limit: 'many', backoff: '' } },
  ],
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
  [
    'overrides.1.env',
    'Line 1: HOSTMESH_POINT is set by Hostmesh itself, for each proc.',
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
  expect(Object.keys(check({}, 100_001))).toEqual(['perHost']);
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

  test('is shown at the row it is about', () => {
    const refused = [
      'perRank[3].program',
      'command.args[0]',
      'command.env.A',
      'perHost.gpus',
      'command.program',
    ];
    const fields = refused.map((path) => formField(given, fieldPath(path).split('.')));
    expect(fields).toEqual([
      'overrides.3.program',
      'args.7',
      'env.5.name',
      'dims.1.label',
      'command.program',
    ]);
  });

  test('keeps its words', () => {
    const problem = { type: '', title: '', status: 400, code: 'invalid_request', detail: '', requestId: '' };
    const errors = [{ field: 'body.perRank[3]', message: 'no such rank' }];
    expect(problemErrors(given, { ...problem, errors })).toEqual({ 'overrides.3.rank': 'no such rank' });
  });
});

test('a row tells what is wrong with it, and not what is wrong with the tenth', () => {
  const one = rowErrors({ 'env.1.name': 'No.', 'env.1.value': 'Not so.', 'env.10.name': 'Never.' }, 'env.1');
  expect(one.message).toBe('No. Not so.');
  expect([one.isWrong('name'), one.isWrong('rank')]).toEqual([true, false]);
  expect(rowErrors({}, 'env.1').message).toBeUndefined();
});
