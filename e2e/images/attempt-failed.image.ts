import { join } from 'node:path';
import { freePorts, localAgents, root } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('attempt-failed.png: one host of five refused, the others were restored', async ({
  page,
  stack,
  attach,
}) => {
  const nobody = `tcp:127.0.0.1:${await freePorts(1)}`;
  const { id } = await attach({ mesh: 'train', hosts: `${localAgents(stack)}, ${nobody}` });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(`/attempts/${id}`);
  await expect(page.getByText('4 of 5 restored')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: nobody })).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('live');
  await page.screenshot({ path: join(root, 'docs/images/attempt-failed.png'), caret: 'hide' });
});
