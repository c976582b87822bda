import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isAlive, readProcess } from './processes.ts';

const startTicks = readProcess(process.pid)?.startTicks ?? 0;

/** What a process says of its parent, which is us, when it has no descriptor left to look with. */
function saidWithoutDescriptors(): unknown {
  const script = `
    const { isAlive, readProcesses } = await import(${JSON.stringify(fileURLToPath(new URL('processes.ts', import.meta.url)))});
    const { openSync, closeSync } = await import('node:fs');
    const isGone = () => isAlive(2 ** 22 + 1, 1);
    isGone();
    const files = [];
    try { for (;;) files.push(openSync('/dev/null')); } catch {}
    const said = [isAlive(process.ppid, ${startTicks}), isGone(), readProcesses().length];
    for (const file of files) closeSync(file);
    console.log(JSON.stringify(said));`;
  const command = ['ulimit -n 100; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script];
  return JSON.parse(execFileSync('/bin/sh', ['-c', ...command], { encoding: 'utf8' }));
}

test('a process is alive under its id and its start alone', () => {
  expect(startTicks).toBeGreaterThan(0);
  expect(isAlive(process.pid, startTicks)).toBe(true);
  expect(isAlive(process.pid, startTicks + 1)).toBe(false);
  expect(readProcess(2 ** 22 + 1)).toBeNull();
});

test('who cannot look, for want of a descriptor, takes nobody for gone who has the id', () => {
  expect(saidWithoutDescriptors()).toEqual([true, false, 0]);
});
