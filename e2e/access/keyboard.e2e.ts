import type { Page } from '@playwright/test';
import { localAgents } from '../stack/stack.ts';
import { expect, paragraph, test } from '../stack/story.ts';

const focused = (page: Page) => page.locator('*:focus');
/** Past the last control of a dialog a browser goes to its own, which the page sees as its body. */
const focusIsKept =
  'document.activeElement === document.body || document.activeElement.closest("dialog") !== null';
const activeRow = (page: Page) => page.locator('tr[data-active]');

test('the first Tab offers to skip to the content', async ({ page }) => {
  await page.goto('/meshes');
  await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText('Skip to content');
  await expect(focused(page)).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('j and k move along the rows of a table, Space selects one, and Enter opens it', async ({
  page,
  stack,
  attach,
}) => {
  const { meshId } = await attach({ mesh: 'keys-table', hosts: localAgents(stack) });
  const address = (rank: number) => `tcp:127.0.0.1:${stack.agentPort + rank}`;
  await page.goto(`/meshes/${meshId}`);
  await expect(page.getByRole('grid', { name: 'hosts' })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('grid', { name: 'hosts' })).toBeFocused();
  await expect(activeRow(page)).toContainText(address(0));
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(activeRow(page)).toContainText(address(1));
  await page.keyboard.press('Space');
  await expect(page.getByRole('region', { name: 'Selected rows' })).toContainText('1 of 4 hosts selected');
  await expect(page).toHaveURL(/selected=1/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}/hosts/1`));
  await expect(page.getByRole('complementary', { name: address(1) })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('a dialog keeps the focus, and Escape closes it, changes nothing and gives the focus back', async ({
  page,
  stack,
  attach,
}) => {
  const { meshId } = await attach({ mesh: 'keys-dialog', hosts: localAgents(stack) });
  await page.goto(`/meshes/${meshId}`);
  // What is still loading may take a button, and the focus with it, away.
  await expect(paragraph(page, '4 hosts, all healthy.')).toBeVisible();
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  const dialog = page.getByRole('dialog');
  for (const [opener, key] of [
    [stop, 'Enter'],
    [page.getByRole('button', { name: 'Search' }), '/'],
  ] as const) {
    // A mesh is there before its hosts are, which Stop has to name.
    await expect(opener).toBeEnabled();
    await opener.press(key);
    await expect(dialog.locator('*:focus')).toBeVisible();
    for (let tab = 0; tab < 8; tab += 1) {
      await page.keyboard.press('Tab');
      await expect.poll(() => page.evaluate(focusIsKept)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
  await expect(paragraph(page, '4 hosts, all healthy.')).toBeVisible();
});

test('procs are spawned, looked at and stopped without a mouse', async ({ page, attachAgents }) => {
  const { meshId } = await attachAgents('keys-procs', 1);
  await page.goto(`/meshes/${meshId}/spawn`);
  await page.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type('by-hand');
  await page.keyboard.press('Tab');
  await page.keyboard.type('sleep');
  await page.getByRole('button', { name: 'Add an argument' }).press('Enter');
  await page.getByLabel('Argument 1', { exact: true }).focus();
  await page.keyboard.type('600');
  await expect(page.getByRole('button', { name: 'Spawn 1 proc on 1 host' })).toBeEnabled();
  await page.keyboard.press('Enter');

  await expect(paragraph(page, 'The proc runs.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'running' })).toBeVisible();
  await page.keyboard.press('j');
  await expect(activeRow(page)).toContainText('running');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Rank 0' });
  await expect(panel).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);

  await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Stop by-hand' });
  await expect(question.locator('*:focus')).toBeVisible();
  await question.getByRole('button', { name: 'Stop 1 proc' }).press('Enter');
  await expect(page.getByRole('dialog')).toContainText('No process of them is left.');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: 'stopped as asked' })).toHaveCount(1);
});
