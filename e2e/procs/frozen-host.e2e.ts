import { pidsOf, uniqueSeconds } from '../stack/processes.ts';
import { expect, procCount, test } from '../stack/story.ts';

const ORPHAN_TIMEOUT_MS = 2000;

test('a host that hangs for three times the orphan timeout costs no proc on other hosts, and says what became of its own', async ({
  page,
  attachAgents,
  spawn,
  procsOf,
}) => {
  const { meshId, agents } = await attachAgents('frozen', 3, {
    MESH_ORPHAN_TIMEOUT: `${ORPHAN_TIMEOUT_MS}ms`,
    GET_PROC_STATE_MAX_IDLE: '1s',
  });
  const seconds = uniqueSeconds();
  const { id } = await spawn(meshId, {
    name: 'sleepers',
    perHost: { gpus: 2 },
    command: { program: 'sleep', args: [seconds] },
  });
  const before = await procsOf(id);
  const wellOf = async () => (await procsOf(id)).filter(({ hostRank }) => hostRank !== 1);
  const frozenOf = async () => (await procsOf(id)).filter(({ hostRank }) => hostRank === 1);
  await page.goto(`/proc-meshes/${id}`);
  agents[1]?.freeze();
  const frozenAtMs = Date.now();
  await expect.poll(frozenOf).toMatchObject([{ status: 'Unknown' }, { status: 'Unknown' }]);
  for (const { lastHeardAt } of await frozenOf()) expect(lastHeardAt).not.toBeNull();
  await expect(procCount(page, '2 of 6 Unknown')).toBeVisible();
  // Orphans are reaped by real clocks: that they are not shows only when the time for it is over.
  await expect.poll(() => Date.now() - frozenAtMs).toBeGreaterThan(3 * ORPHAN_TIMEOUT_MS);
  // Whatever had happened to one of them in between would have raised its generation.
  expect(await wellOf()).toMatchObject(
    before
      .filter(({ hostRank }) => hostRank !== 1)
      .map(({ pid, generation }) => ({ pid, generation, status: 'Running' })),
  );
  agents[1]?.thaw();
  const known = async () => (await frozenOf()).every(({ status }) => ['Running', 'Stopped'].includes(status));
  await expect.poll(known).toBe(true);
  const ended = (await frozenOf()).filter(({ status }) => status === 'Stopped');
  for (const { statusText } of ended) expect(statusText).toContain('stopped as orphan');
  await expect.poll(async () => (await pidsOf(seconds)).length).toBe(6 - ended.length);
  expect(await wellOf()).toMatchObject([{ status: 'Running' }, {}, {}, { status: 'Running' }]);
});

test('procs end with an agent that is killed, and the console says so, unless they were to be kept', async ({
  page,
  attachAgents,
  spawn,
  procsOf,
}) => {
  const { meshId, agents } = await attachAgents('agent-killed', 1);
  const [mortal, kept] = [uniqueSeconds(), uniqueSeconds()];
  const run = (name: string, seconds: string, keep: boolean) =>
    spawn(meshId, { name, perHost: {}, keep, command: { program: 'sleep', args: [seconds] } });
  const [ends, stays] = [await run('mortal', mortal, false), await run('kept', kept, true)];
  const [pid] = (await procsOf(stays.id)).map((proc) => proc.pid);
  await agents[0]?.kill();
  await expect.poll(() => pidsOf(mortal)).toEqual([]);
  expect(await pidsOf(kept)).toEqual([pid]);
  await agents[0]?.start();
  await page.goto(`/proc-meshes/${ends.id}`);
  await expect(page.getByRole('row').filter({ hasText: 'ended with its host agent' })).toHaveCount(1);
  await expect.poll(() => procsOf(stays.id)).toMatchObject([{ status: 'Running', pid, adopted: true }]);
});
