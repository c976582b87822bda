import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeCommand, type AllowRules, type JudgedCommand } from './allow-rules.ts';

const agentPath = '/usr/bin:/bin';
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rules-'));
  for (const name of ['jobs', 'jobs/deep', 'jobs-of-others']) mkdirSync(join(dir, name));
  symlinkSync('/etc', join(dir, 'jobs/out'));
  symlinkSync(join(dir, 'jobs'), join(dir, 'in'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const judge = (rules: Partial<AllowRules>, command: Partial<JudgedCommand>) =>
  judgeCommand(
    { programs: ['sleep'], env: [], cwd: [], ...rules },
    { program: 'sleep', arg0: null, envNames: [], path: null, cwd: null, ...command },
    agentPath,
    null,
  );
const codeOf = (...given: Parameters<typeof judge>) => {
  const judged = judge(...given);
  return judged.ok ? 'allowed' : judged.fault.code;
};

describe('where programs are listed, a command sets no variable but those that are listed', () => {
  test.each([
    'BASH_ENV ENV NODE_OPTIONS LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT PYTHONSTARTUP PYTHONPATH PYTHONHOME PERL5OPT PERL5LIB',
    'RUBYOPT JAVA_TOOL_OPTIONS GIT_SSH_COMMAND PATH HOME SHELLOPTS PS4 IFS GCONV_PATH BASH_FUNC_ls%% HOSTMESH_OTHER',
  ])('%s', (names) => {
    for (const name of names.split(' ')) {
      const judged = judge({ env: ['TRAIN_*', 'LANG'] }, { envNames: ['TRAIN_STEPS', name] });
      expect(judged).toMatchObject({ ok: false, fault: { code: 'env_refused' } });
      expect(!judged.ok && judged.fault.message).toContain(`set ${name}:`);
      expect(!judged.ok && judged.fault.message).toMatch(/TRAIN_\*, LANG \(--allow-env\)$/);
    }
  });

  test.each([
    [['LANG'], 'LANG', 'allowed'],
    [['LANG'], 'LANGUAGE', 'env_refused'],
    [['LANG'], 'XLANG', 'env_refused'],
    [['LANG'], 'lang', 'env_refused'],
    [['LANG'], 'LANG\n', 'env_refused'],
    [['A.C'], 'ABC', 'env_refused'],
    [['NCCL_*'], 'NCCL_DEBUG', 'allowed'],
    [['*_DEBUG'], 'BASH_ENV=/tmp/x_DEBUG', 'env_refused'],
    [['*'], 'BASH_ENV=/tmp/x', 'env_refused'],
    [['*'], 'BASH_ENV', 'allowed'],
    [[], 'HOSTMESH_RANK', 'allowed'],
    [[], '', 'env_refused'],
  ])('of %j, %j is %s', (env, name, code) => expect(codeOf({ env }, { envNames: [name] })).toBe(code));

  test('and any where every program may run', () => {
    expect(codeOf({ programs: ['*'] }, { program: 'env', envNames: ['BASH_ENV'], cwd: '/etc' })).toBe(
      'allowed',
    );
  });
});

describe('where programs are listed, a command starts in a listed directory, judged without links', () => {
  test.each([
    ['DIR/jobs', 'DIR/jobs'],
    ['DIR/jobs/deep/', 'DIR/jobs/deep'],
    ['DIR/jobs/deep/..', 'DIR/jobs'],
    ['DIR/in/deep', 'DIR/jobs/deep'],
    ['DIR/jobs/not-there', 'DIR/jobs/not-there'],
    ['DIR', null],
    ['DIR/jobs-of-others', null],
    ['DIR/jobs/..', null],
    ['DIR/jobs/../jobs-of-others', null],
    ['DIR/jobs/out', null],
    ['DIR/jobs/out/../etc', null],
    ['DIR/jobs/not-there/../../jobs-of-others', null],
    ['jobs', null],
    ['', null],
    ['/', null],
    ['/proc/self/cwd', null],
    ['/etc', null],
  ])('%s is %s', (cwd, starts) => {
    const whole = (text: string) => text.replace('DIR', dir);
    const judged = judge({ cwd: [join(dir, 'in')] }, { cwd: whole(cwd) });
    if (starts !== null) expect(judged).toMatchObject({ value: { cwd: whole(starts) } });
    else expect(judged).toMatchObject({ fault: { code: 'cwd_refused' } });
    if (!judged.ok) expect(judged.fault.message).toMatch(/in '.*': .*\(--allow-cwd\)$/);
  });

  test('none but its own where none is listed, and any where all are', () => {
    expect(codeOf({}, { cwd: dir })).toBe('cwd_refused');
    expect(codeOf({ cwd: ['/'] }, { cwd: dir })).toBe('allowed');
    expect(codeOf({ cwd: ['*'] }, { cwd: dir })).toBe('allowed');
  });
});

test.each([
  [null, 'allowed'],
  ['sleep', 'allowed'],
  ['/usr/bin/sleep', 'allowed'],
  ['-sleep', 'arg0_refused'],
  ['sh', 'arg0_refused'],
  ['/tmp/venv/bin/sleep', 'arg0_refused'],
  ['', 'arg0_refused'],
])('where programs are listed, a program has its own name: %j is %s', (arg0, code) => {
  expect(codeOf({ programs: ['/usr/bin/sleep'] }, { arg0 })).toBe(code);
});
