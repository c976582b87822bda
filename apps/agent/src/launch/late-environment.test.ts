import { expect, test } from 'vitest';
import { lateEnvironment } from './late-environment.ts';

test('values of a command travel under names that mean nothing, and in no argument; those of others as they are', () => {
  const ofCommand = { LD_PRELOAD: '/x.so', TOKEN: 'hush', HOSTMESH_RANK: '3' };
  const late = lateEnvironment({ PATH: '/bin', HYPERACTOR_X: '1', ...ofCommand }, ofCommand);
  if (!late.ok) throw new Error(late.fault.message);
  const { prefix, env } = late.value;
  expect(Object.keys(env).filter((name) => !name.startsWith('HOSTMESH_'))).toEqual(['PATH', 'HYPERACTOR_X']);
  expect(Object.values(env)).toEqual(expect.arrayContaining(['/x.so', 'hush', '3']));
  expect(env).not.toHaveProperty('LD_PRELOAD');
  expect(prefix.join(' ')).not.toMatch(/hush|x\.so/);
});

test('a command without variables needs nothing of that, and a name that no shell takes is refused', () => {
  const plain = { PATH: '/bin' };
  expect(lateEnvironment(plain, { HOSTMESH_RANK: '1' })).toEqual({
    ok: true,
    value: { prefix: [], env: plain },
  });
  for (const name of ['A;id', 'A=B', '1A', 'BASH_FUNC_x%%', 'A\nB', '$(id)', '', 'HOSTMESH_LATE_1'])
    expect(lateEnvironment(plain, { [name]: '' })).toMatchObject({ fault: { code: 'bad_variable' } });
});
