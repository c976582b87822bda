import { expect, test } from 'vitest';
import { refusedFields } from './refused-fields.ts';

const refusal = (hostRank: number, ranks: readonly number[], message = "no program 'x' on this host") => ({
  hostRank,
  address: `tcp:h${hostRank}:1`,
  ranks,
  code: 'unknown_program',
  message,
});

test('hosts that say the same of a field are one error, which names the first and counts the others', () => {
  expect(refusedFields({}, [refusal(0, [0, 1]), refusal(1, [2]), refusal(2, [3])])).toEqual([
    { field: 'command.program', message: "no program 'x' on this host (tcp:h0:1 and 2 other hosts)" },
  ]);
});

test('a program that is a rank of its own is an error of that rank, a binding one of procBind', () => {
  const perRank = { 1: { program: 'x' } };
  expect(
    refusedFields({ perRank }, [
      refusal(0, [1]),
      { ...refusal(1, [2], 'this host has no numactl'), code: 'bind_unavailable' },
    ]),
  ).toEqual([
    { field: 'perRank.1.program', message: "no program 'x' on this host (tcp:h0:1)" },
    { field: 'procBind', message: 'this host has no numactl (tcp:h1:1)' },
  ]);
});
