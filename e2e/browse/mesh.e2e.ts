import { readFile } from 'node:fs/promises';
import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('from the list of meshes to one host and its config, and every step has a URL that survives a reload', async ({
  page,
  stack,
  attach,
}) => {
  await page.goto('/');
  const { meshId } = await attach({ mesh: 'browse-host', hosts: localAgents(stack) });
  const last = `tcp:127.0.0.1:${stack.agentPort + 3}`;
  await page.getByRole('link', { name: 'Meshes' }).click();
  await page.getByRole('row').getByRole('link', { name: 'browse-host' }).click();
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}$`));
  await page.getByRole('searchbox', { name: 'Filter hosts' }).fill('rank:3');
  await expect(page).toHaveURL(/filter=rank/);
  await page.getByRole('link', { name: last }).click();

  const panel = page.getByRole('complementary', { name: last });
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}/hosts/3\\?filter=`));
  await page.reload();
  await expect(panel).toContainText('healthy');
  await expect(panel).toContainText(/Pushed by .+, epoch \d+/);
  await panel.getByLabel('Find a config key').fill('PROC_SPAWN_MAX_IDLE');
  const layers = panel.getByRole('listitem').filter({ hasText: 'PROC_SPAWN_MAX_IDLE' }).getByRole('listitem');
  await expect(layers).toContainText([/^Pushed/, /^Default/]);

  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}\\?filter=`));
  await expect(page.getByText('1 of 4 hosts')).toBeVisible();
});

test('the search finds a mesh by a part of its name, and a host by its address', async ({
  page,
  stack,
  attach,
}) => {
  await page.goto('/');
  const { meshId } = await attach({ mesh: 'browse-search', hosts: localAgents(stack) });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('/');
  const box = page.getByRole('dialog', { name: 'Search' }).getByRole('combobox');
  await expect(box).toBeFocused();
  await box.fill('wse-sea');
  const group = (name: string) => page.getByRole('group', { name }).getByRole('option');
  await expect(group('Attempts')).toHaveCount(1);
  await expect(group('Attempts')).toContainText('browse-search');
  await expect(group('Meshes')).toHaveCount(1);
  await box.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}$`));

  await page.keyboard.press('/');
  await box.fill(`127.0.0.1:${stack.agentPort + 1}`);
  await group('Hosts').filter({ hasText: 'browse-search' }).click();
  await expect(page).toHaveURL(new RegExp(`/meshes/${meshId}/hosts/1$`));
});

test('however the search is opened, what is typed goes into it', async ({ page, stack, attach }) => {
  await attach({ mesh: 'browse-type', hosts: localAgents(stack) });
  await page.goto('/meshes');
  await expect(page.getByRole('row').getByRole('link', { name: 'browse-type' })).toBeVisible();
  const box = page.getByRole('dialog', { name: 'Search' }).getByRole('combobox');
  const open = [
    () => page.keyboard.press('/'),
    () => page.keyboard.press('Control+k'),
    () => page.getByRole('button', { name: /^Search/ }).click(),
  ];
  for (const how of open) {
    await how();
    await expect(box).toBeFocused();
    await page.keyboard.type('browse-type');
    await expect(box).toHaveValue('browse-type');
    await page.keyboard.press('Escape');
    await expect(box).toHaveCount(0);
  }
});

test('an export holds the rows that the filter shows, all of their columns, and no others', async ({
  page,
  stack,
  attach,
}) => {
  const { meshId } = await attach({ mesh: 'browse-export', hosts: localAgents(stack) });
  await page.goto(`/meshes/${meshId}?filter=-rank:0,2&sort=-rank`);
  await expect(page.getByText('2 of 4 hosts')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('mesh-hosts.csv');
  const [header = '', ...rows] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(header.split(',')).toEqual(expect.arrayContaining(['Address', 'Health', 'Host id', 'Config']));
  expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
    [`tcp:127.0.0.1:${stack.agentPort + 3}`, 'healthy'],
    [`tcp:127.0.0.1:${stack.agentPort + 1}`, 'healthy'],
  ]);
});
