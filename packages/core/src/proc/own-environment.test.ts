import { expect, test } from 'vitest';
import { isOwnVariable, ownEnvironment, ownVariables } from './own-environment.ts';

test('a proc is told what is known of it, and nothing else', () => {
  expect(ownEnvironment({ rank: 0, hostRank: 1, numRanks: 4, point: 'hosts=1/2,gpus=0/2' })).toEqual({
    HOSTMESH_RANK: '0',
    HOSTMESH_HOST_RANK: '1',
    HOSTMESH_NUM_RANKS: '4',
    HOSTMESH_POINT: 'hosts=1/2,gpus=0/2',
  });
  expect(ownEnvironment({ procId: 'p', hostId: 'h' })).toEqual({
    HOSTMESH_PROC_ID: 'p',
    HOSTMESH_HOST_ID: 'h',
  });
});

test('the variables that tell a proc who it is are ours, and no others', () => {
  for (const name of Object.values(ownVariables)) expect(isOwnVariable(name)).toBe(true);
  for (const name of ['HOSTMESH_TOKEN', 'RANK', 'rank', 'toString']) expect(isOwnVariable(name)).toBe(false);
});
