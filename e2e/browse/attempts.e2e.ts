import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('a filter of attempts lives in the URL: typed, shared, reloaded and cleared', async ({
  page,
  stack,
  agent,
  attach,
}) => {
  await page.goto('/');
  await attach({ mesh: 'browse-good', hosts: localAgents(stack) });
  const { id } = await attach({ mesh: 'browse-bad', hosts: agent.address });
  const row = (mesh: string) => page.getByRole('row').filter({ hasText: mesh });
  await page.getByRole('link', { name: 'Attempts', exact: true }).click();
  await expect(row('browse-good')).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Filter attempts' }).fill('state:failed');
  await expect(row('browse-good')).toHaveCount(0);
  await expect(row('browse-bad')).toContainText('did not install the config.');
  await expect(page).toHaveURL('/attempts?filter=state%3Afailed');

  await page.goto('/attempts?filter=state:failed');
  await expect(row('browse-bad')).toHaveCount(1);
  await expect(row('browse-good')).toHaveCount(0);
  await row('browse-bad').getByRole('link', { name: 'browse-bad' }).click();
  await expect(page).toHaveURL(`/attempts/${id}`);
  await page.goBack();
  await expect(page.getByRole('searchbox', { name: 'Filter attempts' })).toHaveValue('state:failed');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(row('browse-good')).toHaveCount(1);
  await expect(page).toHaveURL('/attempts');
});
