import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('what became of a mesh is on its page and in Activity, with who asked for it; unread, empty and outdated lists say so', async ({
  page,
  stack,
  attach,
}) => {
  const { id, meshId } = await attach({ mesh: 'changes', hosts: localAgents(stack) });
  await page.goto(`/meshes/${meshId}`);
  const history = page
    .getByRole('region', { name: 'History' })
    .or(page.locator('section', { hasText: 'History' }));
  await expect(history.getByRole('listitem').filter({ hasText: 'mesh changes' })).toContainText(
    /UTC \(.*\).*attached, by admin \(attach\)/,
  );
  await history.getByRole('link', { name: 'All changes' }).click();
  await expect(page).toHaveURL(`/activity/changes?mesh=${meshId}`);
  const rows = page.getByRole('row');
  await expect(rows.filter({ hasText: 'mesh changes' })).toContainText('admin (attach)');
  await rows.getByRole('link', { name: `attempt ${id} on changes` }).click();
  await expect(page).toHaveURL(`/attempts/${id}`);
  await expect(page.locator('section', { hasText: 'History' }).getByRole('listitem')).toHaveCount(2);

  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await page.getByRole('navigation', { name: 'Activity' }).getByRole('link', { name: 'Changes' }).click();
  await page.getByRole('combobox', { name: 'Of', exact: true }).selectOption('the console');
  await expect(page).toHaveURL('/activity/changes?kind=engine');
  await expect(rows.filter({ hasText: 'the console' }).filter({ hasText: 'running' })).toHaveCount(1);

  // What was read stays and says that it is old; what was never read says why.
  await page.route('**/api/v1/changes*', (route) => route.abort());
  await expect(page.getByText('What changed since then is not shown')).toBeVisible({ timeout: 30_000 });
  await expect(rows.filter({ hasText: 'the console' }).first()).toBeVisible();
  await page.goto('/activity/changes?kind=orphan');
  await expect(page.getByRole('alert').filter({ hasText: 'The changes could not be read' })).toBeVisible();
  await page.unroute('**/api/v1/changes*');
  await page.goto('/activity/changes?mesh=none');
  await expect(page.getByRole('heading', { name: 'Nothing of that has changed' })).toBeVisible();
});
