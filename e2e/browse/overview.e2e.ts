import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('the overview says in words which attach failed and why to look, until the mesh is attached', async ({
  page,
  stack,
  agent,
  attach,
}) => {
  const mesh = 'browse-overview';
  await page.goto('/');
  const attention = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Needs attention' }) });
  const concern = attention.getByRole('listitem').filter({ hasText: mesh });
  await attach({ mesh, hosts: `${localAgents(stack)}, ${agent.address}` });
  await expect(page.getByText(/\d+ attempts? did not end well/)).toBeVisible();
  await expect(concern).toContainText(
    '1 of 5 hosts did not install the config. 4 hosts got back what they had before.',
  );
  await concern.getByRole('link', { name: 'See why' }).click();
  await expect(page.getByRole('heading', { name: `Attach ${mesh}` })).toBeVisible();
  await page.goBack();

  await attach({ mesh, hosts: localAgents(stack) });
  const meshes = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Meshes', exact: true }) });
  await expect(meshes.getByRole('listitem').filter({ hasText: mesh })).toContainText('4 hosts, all healthy');
  await expect(concern).toHaveCount(0);
});
