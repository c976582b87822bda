import { pidsOf, uniqueSeconds } from '../stack/processes.ts';
import { expect, procCount, paragraph, test } from '../stack/story.ts';

test('stop names what it ends, and says which procs had to be killed, whose children are gone too', async ({
  page,
  attachAgents,
  spawn,
  procsOf,
}) => {
  const { meshId } = await attachAgents('stop-procs', 2, { PROCESS_EXIT_TIMEOUT: '300ms' });
  const seconds = uniqueSeconds();
  const stubborn = `trap '' TERM; sleep ${seconds} & sleep ${seconds} & while :; do wait; sleep 1; done`;
  const { id } = await spawn(meshId, {
    name: 'stubborn',
    perHost: { gpus: 2 },
    command: { program: 'sleep', args: [seconds] },
    perRank: { 1: { program: 'sh', args: ['-c', stubborn] } },
  });
  expect((await pidsOf(seconds)).length).toBeGreaterThan(4);
  await page.goto(`/proc-meshes/${id}`);
  await expect(paragraph(page, 'All 4 procs run.')).toBeVisible();

  // One rank first: the others go on.
  await page.getByRole('row').filter({ hasText: 'running' }).first().getByRole('checkbox').check();
  await page
    .getByRole('region', { name: 'Selected rows' })
    .getByRole('button', { name: 'Stop 1 proc' })
    .click();
  const one = page.getByRole('dialog', { name: 'Stop 1 proc of stubborn' });
  await expect(one).toContainText('The other procs of this mesh go on.');
  await expect(one.getByRole('listitem')).toHaveText(/^rank 0 /);
  await one.getByRole('button', { name: 'Stop 1 proc' }).click();
  await page
    .getByRole('dialog', { name: 'Stop: 1 of 1 proc ended' })
    .getByRole('button', { name: 'Close' })
    .last()
    .click();
  await expect(procCount(page, '3 of 4 Running')).toBeVisible();

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const all = page.getByRole('dialog', { name: 'Stop stubborn' });
  await expect(all).toContainText('The hosts stay attached.');
  await expect(all.getByRole('listitem')).toHaveText([/^rank 1 /, /^rank 2 /, /^rank 3 /]);
  await all.getByRole('button', { name: 'Stop 3 procs' }).click();
  const report = page.getByRole('dialog', { name: 'Stop: 3 of 3 procs ended' });
  await expect(report).toContainText('No process of them is left.');
  await expect(report).toContainText('1 by SIGKILL');
  expect(await pidsOf(seconds)).toEqual([]);
  expect((await procsOf(id)).map(({ endedBy }) => endedBy)).toEqual(['asked', 'SIGKILL', 'asked', 'asked']);
  await report.getByRole('button', { name: 'Close' }).last().click();
  await expect(procCount(page, '4 of 4 Stopped')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'stopped as asked (SIGKILL)' })).toHaveCount(1);
});
