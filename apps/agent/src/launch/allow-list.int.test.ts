import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listedFile } from './allow-list.ts';

const agentPath = '/usr/bin:/bin';
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'allow-'));
  writeFileSync(join(dir, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(dir, 'box'), '#!/bin/sh\n', { mode: 0o755 });
  for (const name of ['cat', 'sh']) symlinkSync(join(dir, 'box'), join(dir, name));
  symlinkSync('/bin/sh', join(dir, 'harmless'));
  symlinkSync('/bin/sleep', join(dir, 'nap'));
});
afterAll(() => rmSync(dir, { recursive: true }));

test.each([
  [[], 'sleep', false],
  [['sleep'], 'sleep', true],
  [['sleep'], '/usr/bin/sleep', true],
  [['/usr/bin/sleep'], 'sleep', true],
  [['sleep'], '/tmp/sleep', false],
  [['/tmp/sleep'], 'sleep', false],
  [['sleep'], 'env', false],
  [['/opt/train'], '/opt/train', true],
])('a list of %j has %s: %s', (list, program, isThere) => {
  const listed = listedFile(list, program, { path: agentPath, pathOf: '', cwd: null }, agentPath);
  expect(listed !== null).toBe(isThere);
});

test.each([
  ['a name that the PATH of the command makes another file', ['sleep'], 'sleep', false],
  ['a file by its name, where only another of that name is listed', ['sleep'], 'DIR/sleep', false],
  ['a link by the name of nothing listed to what is not listed', ['sleep'], 'DIR/harmless', false],
  ['a link to what is listed, under another name', ['sleep'], 'DIR/nap', true],
  ['the very file that a listed path leads to', ['DIR/harmless'], 'DIR/harmless', true],
  ['a listed link, where it is another name of a file of many', ['DIR/cat'], 'DIR/cat', true],
  ['another name of a file of many', ['DIR/cat'], 'DIR/sh', false],
  ['a path that starts from the directory of the command', ['DIR/box'], './box', true],
])('judged is the file: %s', (_what, list, program, isThere) => {
  const place = { path: `${dir}:${agentPath}`, pathOf: '', cwd: dir };
  const given = list.map((entry) => entry.replace('DIR', dir));
  const listed = listedFile(given, program.replace('DIR', dir), place, agentPath);
  expect(listed !== null).toBe(isThere);
});

test('what is started for a link is the file on the list, under its own name', () => {
  const place = { path: agentPath, pathOf: '', cwd: null };
  const started = listedFile(['sleep'], join(dir, 'nap'), place, agentPath);
  expect(realpathSync(started ?? '')).toBe(realpathSync('/bin/sleep'));
  expect(started).toMatch(/\/sleep$/);
});
