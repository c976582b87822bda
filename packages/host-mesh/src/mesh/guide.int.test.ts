import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printAddress } from '@hostmesh/core';
import { TEST_AGENT_KEY } from '@hostmesh/protocol/testing-key';
import type { SimFault } from '@hostmesh/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simWorld } from '../testing/sim-world.ts';

const guides = new URL('../../../../docs/guides/', import.meta.url);

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'guide-'));
  await writeFile(join(dir, 'agent-key'), `${TEST_AGENT_KEY}\n`);
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs a script of the guide against two simulated hosts. */
async function runGuide(faults: Record<number, SimFault>, name = 'attach.ts', ...args: string[]) {
  const world = await simWorld({ count: 2, faults });
  await using _ = world;
  const hosts = world.sim.addresses.map(printAddress);
  const script = fileURLToPath(new URL(name, guides));
  const [code, output] = await new Promise<[number | null, string]>((resolve) => {
    const child = execFile(
      process.execPath,
      [script, `train:${hosts.join(',')}@hosts=2/1`, join(dir, 'agent-key'), ...args],
      (_error, stdout) => resolve([child.exitCode, stdout]),
    );
  });
  return { code, output, hosts };
}

test('the script of the guide attaches hosts', async () => {
  const { code, output, hosts } = await runGuide({});
  expect(output).toBe(`attached train:${hosts.join(',')}@hosts=2/1\n`);
  expect(code).toBe(0);
});

test('the script of the guide names the hosts that failed, and exits with 1', async () => {
  const { code, output, hosts } = await runGuide({ 1: { kind: 'refuse' } });
  expect(output).toBe(
    `config push failed during attach on 1 host(s):\n  - ${hosts[1]}: send failed: connection refused (ECONNREFUSED)\n`,
  );
  expect(code).toBe(1);
});

test('the script that spawns says how each proc is, and how it ended', async () => {
  const { code, output } = await runGuide({}, 'spawn.ts', 'sleep', '60');
  const lines = (text: string) => [0, 1, 2, 3].map((rank) => `${rank}: ${text}\n`).join('');
  expect(output).toBe(lines('running') + lines('stopped as asked'));
  expect(code).toBe(0);
});

test('the script that spawns names the ranks that failed, and exits with 1', async () => {
  const { code, output } = await runGuide({}, 'spawn.ts', 'sim', 'exit=3');
  expect(output.match(/error creating proc \(host rank \d\)/g)).toHaveLength(4);
  expect(code).toBe(1);
});

test.each([
  ['attach.ts', 'const ref'],
  ['spawn.ts', 'const procs'],
])('the guide shows what is run of %s', async (name, from) => {
  const script = await readFile(new URL(name, guides), 'utf8');
  const guide = await readFile(new URL('script.md', guides), 'utf8');
  expect(guide).toContain(script.slice(script.indexOf(from)));
});
