import { expect, test } from 'vitest';
import { SpawnRequest } from './spawn-request.ts';

const request = { name: 'workers', command: { program: 'sleep' } };

test.each([
  ['command.env.HOSTMESH_RANK', { command: { program: 'sleep', env: { HOSTMESH_RANK: '99' } } }],
  ['perRank.3.env.HOSTMESH_PROC_ID', { perRank: { 3: { env: { HOSTMESH_PROC_ID: 'x' } } } }],
])('a variable that Hostmesh sets itself is refused by name, at %s', (path, given) => {
  const issues = SpawnRequest.safeParse({ ...request, ...given }).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

test('other variables are taken, whatever they begin with', () => {
  const env = { HOSTMESH_TOKEN: 'x', RANK: '1' };
  expect(SpawnRequest.parse({ ...request, command: { program: 'sleep', env } }).command.env).toEqual(env);
});
