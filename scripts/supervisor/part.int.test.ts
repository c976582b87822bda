import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TEST_AGENT_KEY_FILE } from '../../packages/protocol/src/testing/agent-keys.ts';
import { ask, connect } from '../../apps/agent/src/testing/connect.ts';
import { pidsWith } from '../../apps/agent/src/testing/proc-agent.ts';
import { shell, spawnOf, specOf } from '../../apps/agent/src/testing/proc-fixtures.ts';
import { startPart } from './part.ts';
import { agentPart } from './parts.ts';
import { answers, freePort } from './ports.ts';
import { readSettings } from './stack-settings.ts';

const root = join(import.meta.dirname, '../..');

/** A supervised agent in a directory of its own, whose first kept proc carries the mark. */
async function supervised(mark: string) {
  const dataDir = await mkdtemp(join(tmpdir(), 'supervisor-'));
  const agentPort = await freePort();
  const settings = readSettings({ HOSTMESH_DATA_DIR: dataDir, HOSTMESH_AGENT_PORT: String(agentPort) }, root);
  if ('problems' in settings) throw new Error(settings.problems.join(' '));
  const env = { PATH: process.env.PATH ?? '' };
  const spec = agentPart(
    { root, settings, agentKeyFile: TEST_AGENT_KEY_FILE, proxyKeyFile: '', env, watch: false },
    0,
  );
  const said: string[] = [];
  const part = startPart(spec, join(dataDir, 'logs'), {
    say: (line) => said.push(line),
    onGivenUp: () => undefined,
  });
  onTestFinished(async () => {
    await part.stop(10_000);
    await rm(dataDir, { recursive: true });
  });
  expect(await answers(spec.readyUrl ?? '', AbortSignal.timeout(30_000))).toBe(true);
  await using connection = await connect(`tcp:127.0.0.1:${agentPort}`);
  const command = shell(`sleep 1000; : ${mark}`);
  await ask(connection, spawnOf([specOf('kept', { command })], { keep: true }));
  await expect.poll(() => pidsWith(mark), { timeout: 30_000 }).toHaveLength(1);
  const dial = () => connect(`tcp:127.0.0.1:${agentPort}`);
  return {
    part,
    said,
    dial,
    answers: () => answers(spec.readyUrl ?? '', AbortSignal.timeout(30_000)),
    pids: () => pidsWith(join(dataDir, 'agents')),
  };
}

test('a part that is stopped leaves no process behind, not even one that was to outlive it', async () => {
  const mark = `mark-${randomUUID()}`;
  const { part, pids } = await supervised(mark);
  await part.stop(10_000);
  expect([...pids(), ...pidsWith(mark)]).toEqual([]);
});

test('nor does one that was killed just before', async () => {
  const mark = `mark-${randomUUID()}`;
  const { part, said, pids } = await supervised(mark);
  for (const pid of pids()) process.kill(pid, 'SIGKILL');
  await expect.poll(() => said).toEqual([expect.stringContaining('agent-1 was ended by SIGKILL')]);
  expect(pidsWith(mark)).toHaveLength(1);
  await part.stop(10_000);
  expect([...pids(), ...pidsWith(mark)]).toEqual([]);
});

test('an agent that was told to leave service ends all that runs there, and comes back free', async () => {
  const mark = `mark-${randomUUID()}`;
  const { said, dial, answers } = await supervised(mark);
  {
    await using connection = await dial();
    await ask(connection, { type: 'shutdown_host', id: 'x' });
  }
  await expect.poll(() => said).toEqual([expect.stringContaining('agent-1 exited with code 0; starting it')]);
  expect(pidsWith(mark)).toEqual([]);
  expect(await answers()).toBe(true);
  await using connection = await dial();
  expect(connection.hello).toMatchObject({ lifecycle: 'detached' });
});
