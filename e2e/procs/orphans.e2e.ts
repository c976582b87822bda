import { routes } from '@hostmesh/contract';
import { pidsOf, uniqueSeconds } from '../stack/processes.ts';
import { expect, test } from '../stack/story.ts';

test('a proc that outlived its agent and its mesh shows as an orphan where its host is attached again, and can be stopped', async ({
  page,
  client,
  attach,
  attachAgents,
  spawn,
}) => {
  const { meshId, agents } = await attachAgents('orphans-before', 1);
  const [agent] = agents;
  if (agent === undefined) throw new Error('there is no agent');
  const seconds = uniqueSeconds();
  await spawn(meshId, {
    name: 'forgotten',
    perHost: {},
    keep: true,
    command: { program: 'sleep', args: [seconds] },
  });
  await agent.kill();
  await client.call(routes.stopMesh, { params: { id: meshId }, body: { timeout: '500ms' } });
  expect(await pidsOf(seconds)).toHaveLength(1);
  await agent.start();
  const again = await attach({ mesh: 'orphans-after', hosts: agent.address });
  await page.goto('/orphans');

  const row = page.getByRole('row').filter({ hasText: 'forgotten-0' });
  await expect(row).toContainText('its proc mesh has ended: lost');
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Stop 1 orphan' }).click();
  const question = page.getByRole('dialog', { name: 'Stop 1 orphan' });
  await expect(question.getByRole('listitem')).toHaveText(/forgotten-0.* · sleep · /);
  await question.getByRole('button', { name: 'Stop 1 proc' }).click();
  await page
    .getByRole('dialog', { name: 'Stop: 1 of 1 orphan ended' })
    .getByRole('button', { name: 'Close' })
    .last()
    .click();
  await expect(page.getByRole('heading', { name: 'No orphans' })).toBeVisible();
  expect(await pidsOf(seconds)).toEqual([]);
  await client.call(routes.stopMesh, { params: { id: again.meshId ?? '' }, body: {} });
});
