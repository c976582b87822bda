import { localAgents } from '../stack/stack.ts';
import { expect, paragraph, test } from '../stack/story.ts';

test('a host that dies and comes back with its config shows as that, without a reload', async ({
  page,
  stack,
  agent,
  attach,
}) => {
  await agent.start();
  const { meshId } = await attach({ mesh: 'live-host', hosts: `${localAgents(stack)}, ${agent.address}` });
  await page.goto(`/meshes/${meshId}`);
  const row = page.getByRole('row').filter({ hasText: agent.address });
  await expect(row).toContainText('healthy');
  await expect(paragraph(page, '5 hosts, all healthy.')).toBeVisible();

  await agent.kill();
  await expect(paragraph(page, '4 of 5 hosts healthy, 1 unreachable.')).toBeVisible();
  await expect(row).toContainText('unreachable');
  await expect(row).toContainText('connection refused');
  await row.getByRole('link').click();
  const panel = page.getByRole('complementary', { name: agent.address });
  const lastHeard = panel.locator('dl > div').filter({ hasText: 'Last heard' });
  await expect(lastHeard).toContainText(/now|\d+ s ago/);

  await agent.start();
  await expect(paragraph(page, '5 hosts, all healthy.')).toBeVisible();
  await expect(row).toContainText('healthy');

  await page.getByRole('button', { name: 'Push config again' }).click();
  await page.getByRole('button', { name: 'Push to 5 hosts' }).click();
  await expect(page.getByRole('heading', { name: 'Push to live-host' })).toBeVisible();
  await expect(paragraph(page, 'All 5 hosts installed the config.')).toBeVisible();
  await page.getByRole('link', { name: 'Open mesh live-host' }).click();
  await expect(paragraph(page, '5 hosts, all healthy.')).toBeVisible();
  await expect(row).toContainText('healthy');
});
