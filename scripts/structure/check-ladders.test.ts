import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLadders, printLadders } from './check-ladders.ts';
import { ladders } from './ladders.ts';
import { sourceFile } from './sources.ts';

/** Files of a package `p` by their path in it, each with what it imports by relative path. */
function filesOf(imports: Record<string, string[]>) {
  const known = new Set(Object.keys(imports).map((path) => `p/${path}`));
  return Object.entries(imports).map(([path, targets]) =>
    sourceFile(`p/${path}`, targets.map((target) => `import type { A } from '${target}';\n`).join(''), known),
  );
}

test('folders that import downwards only are right', () => {
  const files = filesOf({ 'a/a.ts': [], 'b/b.ts': ['../a/a.ts'], 'index.ts': ['./b/b.ts', './a/a.ts'] });
  expect(checkLadders(files, { p: ['a', 'b', 'index'] })).toEqual([]);
});

test('an import upwards is named with its file and the way back that makes it a knot', () => {
  const files = filesOf({ 'a/a.ts': ['../c/c.ts'], 'b/b.ts': ['../a/a.ts'], 'c/c.ts': ['../b/b.ts'] });
  expect(checkLadders(files, { p: ['a', 'b', 'c'] })).toEqual([
    'p: p/a/a.ts imports upwards, from p/c/c.ts; knot: a → c → b → a',
  ]);
});

test('an import upwards is wrong although nothing leads back', () => {
  const files = filesOf({ 'a/a.ts': ['../b/b.ts'], 'b/b.ts': [] });
  expect(checkLadders(files, { p: ['a', 'b'] })).toEqual(['p: p/a/a.ts imports upwards, from p/b/b.ts']);
});

test('imports without an ending and re-exports count, too', () => {
  const files = [
    sourceFile('p/a/a.tsx', "export { B } from '../b/b';", new Set(['p/b/b.tsx'])),
    sourceFile('p/b/b.tsx', '', new Set()),
  ];
  expect(checkLadders(files, { p: ['a', 'b'] })).toHaveLength(1);
});

test('a test may import from anywhere, and nothing of the product from what is for tests', () => {
  const files = filesOf({
    'a/a.ts': ['../testing/t.ts'],
    'a/a.test.ts': ['../b/b.ts'],
    'b/b.ts': [],
    'testing/t.ts': ['../b/b.ts'],
  });
  expect(checkLadders(files, { p: ['a', 'b'] })).toEqual([
    'p: p/a/a.ts imports upwards, from p/testing/t.ts',
  ]);
});

test('a folder without a line is named, and a line without a folder', () => {
  expect(checkLadders(filesOf({ 'a/a.ts': [] }), { p: ['b'] })).toEqual([
    'p: a is in no line of its ladder',
    'p: the ladder names b, which is not there',
  ]);
});

test('every package and app has its ladder', () => {
  const parts = ['agent', 'api', 'cli', 'web'].map((app) => `apps/${app}/src`);
  const packages = ['client', 'contract', 'core', 'host-mesh', 'part', 'protocol', 'testkit'];
  expect(Object.keys(ladders).toSorted()).toEqual(
    [...parts, ...packages.map((name) => `packages/${name}/src`), 'prisma/src'].toSorted(),
  );
});

test('docs/architecture.md shows the ladders as they are', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  // The table is padded for whoever reads it as text.
  expect(page.replace(/ {2,}/g, ' ')).toContain(printLadders(ladders));
});
