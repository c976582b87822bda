import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isOver, isReady, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

let dataDir = '';
let agent: ProcAgent;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'agent-data-dir-'));
  agent = await startProcAgent({ dataDir });
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

test('a second agent on the same data directory does not start, and the procs of the first go on', async () => {
  await agent.spawn([specOf('p')]);
  await agent.until('p', isReady);
  await expect(startProcAgent({ dataDir: dataDir })).rejects.toThrow(/another agent \(process \d+\) runs on/);
  const { proc } = await agent.ask({ type: 'get_state', id: '', procId: 'p' }, 'proc_state');
  expect(proc?.status.kind).toBe('Ready');
});

test('what is kept on disk is for the agent alone', async () => {
  await agent.spawn([specOf('private', { command: shell('echo x') })]);
  await agent.until('private', isOver);
  for (const name of ['spec.json', 'report.json', 'output.jsonl']) {
    expect((await stat(join(dataDir, 'procs/private', name))).mode & 0o077).toBe(0);
  }
});

test('what an earlier run of a kept proc has said does not make it ready', async () => {
  const command = shell('if [ -e again ]; then exec sleep 1000; fi; touch again; echo up >&3; exit 1');
  const restart = {
    policy: 'always',
    limit: 1,
    backoffMs: 10,
    maxBackoffMs: 10,
    resetAfterMs: 60_000,
  } as const;
  const spec = { command, restart, readiness: { kind: 'descriptor' } as const, readyTimeoutMs: 1_000 };
  await agent.spawn([specOf('earlier', spec)], { keep: true, procMeshId: 'earlier' });
  expect(await agent.until('earlier', isOver)).toMatchObject({
    status: { kind: 'Failed', reason: 'not ready within 1s' },
    restarts: { count: 1 },
  });
});

test('what a kept proc writes after it has emptied its own output is logged', async () => {
  const gate = join(dataDir, 'gate');
  const lines = 'for n in 1 2 3 4 5; do echo line $n; done';
  const wait = `while [ ! -e ${gate} ]; do sleep 0.02; done`;
  const command = shell(`${lines}; ${wait}; echo x > /dev/stdout; echo y`);
  await agent.spawn([specOf('emptied', { command })], { keep: true, procMeshId: 'emptied' });
  const before = await agent.lines('emptied', 5);
  await writeFile(gate, '');
  await agent.until('emptied', isOver);
  expect(await agent.lines('emptied', 7)).toEqual([...before, 'x', 'y']);
});
