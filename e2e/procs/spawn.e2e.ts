import { routes } from '@hostmesh/contract';
import { pidsOf, uniqueSeconds } from '../stack/processes.ts';
import { expect, procCount, section, paragraph, test } from '../stack/story.ts';

test('procs spawned from the form run with their rank in their environment, and one that is killed shows without asking', async ({
  page,
  client,
  attachAgents,
  procsOf,
}) => {
  const { meshId } = await attachAgents('spawn-form', 3);
  const seconds = uniqueSeconds();
  await page.goto(`/meshes/${meshId}`);
  await page.getByRole('link', { name: 'Spawn procs' }).click();
  await page.getByLabel('Name', { exact: true }).fill('workers');
  await page.getByText('Paste a command line').click();
  await page
    .getByLabel('Command line')
    .fill(`sh -c 'echo "I am $HOSTMESH_RANK of $HOSTMESH_NUM_RANKS"; exec sleep ${seconds}'`);
  await page.getByRole('button', { name: 'Use as program and arguments' }).click();
  await expect(page.getByLabel('Program', { exact: true })).toHaveValue('sh');
  await page.getByRole('button', { name: 'Add a dimension' }).click();
  await page.getByLabel('Dimension 1', { exact: true }).fill('gpus');
  await page.getByLabel('Size of gpus', { exact: true }).fill('4');
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('12 procs on 3 hosts');
  await page.getByRole('button', { name: 'Spawn 12 procs on 3 hosts' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'workers' })).toBeVisible();
  await expect(paragraph(page, 'All 12 procs run.')).toBeVisible();
  await expect(procCount(page, '12 of 12 Running')).toBeVisible();
  const [, procMeshId = ''] = /\/proc-meshes\/([^/?]+)/.exec(page.url()) ?? [];
  const procs = await procsOf(procMeshId);
  expect(procs.map(({ rank, hostRank }) => [rank, hostRank])).toEqual(
    Array.from({ length: 12 }, (_, rank) => [rank, Math.floor(rank / 4)]),
  );
  for (const { id, rank } of procs) {
    const logs = await client.call(routes.procLogs, { params: { id }, query: {} });
    expect(logs.ok && logs.value.entries.map(({ text }) => text)).toEqual([`I am ${rank} of 12`]);
  }

  const row = page.getByRole('row').filter({ hasText: 'killed by SIGKILL' });
  await expect(row).toHaveCount(0);
  const pid = procs[5]?.pid ?? 0;
  expect(await pidsOf(seconds)).toContain(pid);
  // What the page shows from here on it was told by the stream: it cannot ask for anything.
  await expect(page.getByRole('banner')).toContainText('live');
  await page.route(/\/api\/v1\/(?!events)/, (route) => route.abort());
  process.kill(pid, 'SIGKILL');
  await expect(row).toBeVisible();
  expect((await procsOf(procMeshId))[5]).toMatchObject({
    status: 'Failed',
    signal: 'SIGKILL',
    statusText: 'killed by SIGKILL',
  });
  await expect(procCount(page, '11 of 12 Running')).toBeVisible();
  await expect(procCount(page, '1 of 12 Failed')).toBeVisible();
  const others = (all: readonly { rank: number; pid: number | null }[]) =>
    all.filter(({ rank }) => rank !== 5).map((proc) => proc.pid);
  expect(others(await procsOf(procMeshId))).toEqual(others(procs));
});

test('a spawn of which one rank fails names that rank, its exit code and its stderr, and leaves nothing behind', async ({
  page,
  attachAgents,
  procsOf,
}) => {
  const { meshId } = await attachAgents('spawn-fails', 2);
  const seconds = uniqueSeconds();
  await page.goto(`/meshes/${meshId}/spawn`);
  await page.getByLabel('Name', { exact: true }).fill('doomed');
  await page.getByLabel('Program', { exact: true }).fill('sleep');
  await page.getByRole('button', { name: 'Add an argument' }).click();
  await page.getByLabel('Argument 1', { exact: true }).fill(seconds);
  await page.getByRole('button', { name: 'Add a dimension' }).click();
  await page.getByLabel('Dimension 1', { exact: true }).fill('gpus');
  await page.getByLabel('Size of gpus', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Let a rank differ' }).click();
  await page.getByLabel('Rank of override 1', { exact: true }).fill('3');
  await page.getByLabel('Program of rank 3', { exact: true }).fill('sh');
  await page
    .getByLabel('Arguments of rank 3', { exact: true })
    .fill(`-c 'echo the disk is full >&2; exit 7'`);
  await page.getByRole('button', { name: 'Spawn 4 procs on 2 hosts' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'doomed' })).toBeVisible();
  const failures = section(page, 'What went wrong');
  await expect(failures).toContainText('exited with code 7');
  await expect(failures).toContainText('1 of 4 procs');
  await expect(failures.getByLabel('Last lines of stderr of rank 3')).toHaveText('the disk is full');
  await expect(page.getByText('everything that was started has been stopped')).toBeVisible();
  expect(await pidsOf(seconds)).toEqual([]);
  const [, procMeshId = ''] = /\/proc-meshes\/([^/?]+)/.exec(page.url()) ?? [];
  const procs = await procsOf(procMeshId);
  expect(procs.map(({ status, exitCode }) => [status, exitCode])).toEqual([
    ['Stopped', null],
    ['Stopped', null],
    ['Stopped', null],
    ['Failed', 7],
  ]);
  expect(procs[0]?.statusText).toContain('stopped because its spawn failed');
});

test('what is wrong with a spawn is said at its field before anything is started', async ({
  page,
  client,
  attachAgents,
}) => {
  const { meshId } = await attachAgents('spawn-wrong', 1);
  await page.goto(`/meshes/${meshId}/spawn`);
  await page.getByLabel('Name', { exact: true }).fill('wrong');
  await page.getByLabel('Program', { exact: true }).fill('no-such-program-anywhere');
  await page.getByRole('button', { name: 'Add a dimension' }).click();
  await page.getByLabel('Dimension 1', { exact: true }).fill('hosts');
  await page.getByLabel('Size of hosts', { exact: true }).fill('2');
  await expect(page.getByLabel('Dimension 1', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: /^Spawn / })).toBeDisabled();
  await page.getByLabel('Dimension 1', { exact: true }).fill('gpus');
  await page.getByRole('button', { name: 'Spawn 2 procs on 1 host' }).click();
  await expect(page.getByLabel('Program', { exact: true })).toHaveAccessibleDescription(
    /no program 'no-such-program-anywhere' on this host/,
  );
  const procMeshes = await client.call(routes.listProcMeshes, { query: { mesh: meshId } });
  expect(procMeshes.ok && procMeshes.value.items).toEqual([]);
});
