import { routes } from '@hostmesh/contract';
import { localAgents } from '../stack/stack.ts';
import { expect, pressAttach, paragraph, test } from '../stack/story.ts';

test('a running attempt tells how far it is, and becomes the verdict on the page where it was watched', async ({
  page,
  stack,
  client,
  agent,
}) => {
  const started = await client.call(routes.startAttach, {
    body: {
      mesh: 'live-wait',
      hosts: `${localAgents(stack)}, ${agent.address}`,
      timeout: '2m',
      waitForHosts: '2m',
      takeOver: true,
    },
    headers: { prefer: 'respond-async' },
  });
  if (!started.ok) throw new Error(started.fault.message);
  await page.goto(`/attempts/${started.value.id}`);
  await expect(paragraph(page, '4 of 5 hosts installed the config, 0 failed, 1 to go.')).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '4 of 5 hosts have a result');
  await page.getByRole('link', { name: '1 of 5 waiting' }).click();
  const row = page.getByRole('row').filter({ hasText: agent.address });
  await expect(row).toContainText('connecting');

  await agent.start();
  await expect(paragraph(page, 'All 5 hosts installed the config.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open mesh live-wait' })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('cancel ends an attempt that hangs: the hosts that had the config get back what they had before', async ({
  page,
  simHosts,
}) => {
  await page.goto('/');
  const { list } = await simHosts('--hosts', '6', '--hang', '2');
  await page.getByRole('link', { name: 'Attach', exact: true }).click();
  await page.getByLabel('Mesh', { exact: true }).fill('live-cancel');
  await page.getByLabel('Hosts', { exact: true }).fill(list);
  await page.getByLabel('Timeout').fill('2m');
  await pressAttach(page, 'Attach 6 hosts');

  await expect(page.getByText('4 of 6 installed')).toBeVisible();
  await expect(page.getByText('2 of 6 waiting')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel attempt' }).click();
  await expect(paragraph(page, 'Cancelled when 4 of 6 hosts had installed the config.')).toBeVisible();
  await expect(page.getByRole('link', { name: '4 of 6 restored' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'rolled back' })).toHaveCount(4);
  await expect(page.getByRole('row').filter({ hasText: 'cancelled' })).toHaveCount(2);
  await expect(page.getByRole('button', { name: /^Retry/ })).toBeEnabled();
});
