import { expect, test } from 'vitest';
import { checkNames, checkSizes } from './check-names.ts';
import { sourceFile } from './sources.ts';

const file = (path: string, text = '') => sourceFile(path, text, new Set());

test('a base name may occur twice, and not three times', () => {
  const two = [file('a/step.ts'), file('b/step.ts')];
  expect(checkNames(two, {})).toEqual([]);
  expect(checkNames([...two, file('c/step.ts')], {})).toEqual([
    'step.ts is the name of 3 files: a/step.ts, b/step.ts, c/step.ts',
  ]);
});

test('names that frameworks ask for occur as often as they have to', () => {
  expect(
    checkNames(
      ['a', 'b', 'c'].map((folder) => file(`${folder}/page.tsx`)),
      {},
    ),
  ).toEqual([]);
});

test('an exported name is declared in one file; a schema and the type of its name are one', () => {
  const schema = file('a/proc.ts', 'export const Proc = 1;\nexport type Proc = 1;\n');
  expect(checkNames([schema], {})).toEqual([]);
  const other = file('b/agent-proc.ts', 'export interface Proc {}\n');
  expect(checkNames([schema, other], {})).toEqual([
    'Proc is declared in 2 files: a/proc.ts, b/agent-proc.ts',
  ]);
  expect(checkNames([schema, other], { Proc: 'tied by a test' })).toEqual([]);
});

test('a name is not listed as declared twice when it no longer is', () => {
  expect(checkNames([file('a/proc.ts', 'export type Proc = 1;')], { Proc: 'tied by a test' })).toEqual([
    'Proc is listed as declared twice, and is not',
  ]);
});

test('twenty files may be short, tests not counted', () => {
  const short = Array.from({ length: 20 }, (_, index) => file(`a/f${index}.ts`, '\n'));
  expect(checkSizes([...short, file('a/f.test.ts', '\n'), file('a/long.ts', '\n'.repeat(15))])).toEqual([]);
  expect(checkSizes([...short, file('a/one-more.ts', '\n')])).toHaveLength(1);
});
