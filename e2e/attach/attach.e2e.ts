import { routes } from '@hostmesh/contract';
import type { Page } from '@playwright/test';
import { freePorts, localAgents } from '../stack/stack.ts';
import { expect, pressAttach, takeOverIfAsked, test } from '../stack/story.ts';

async function fillIn(page: Page, mesh: string, hosts: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Attach', exact: true }).first().click();
  await page.getByLabel('Mesh', { exact: true }).fill(mesh);
  await page.getByLabel('Hosts', { exact: true }).fill(hosts);
}

test('one dead host of five fails the attach by name; once an agent runs there, a retry attaches the mesh', async ({
  page,
  stack,
  agent,
  expectAccessible,
}) => {
  await fillIn(page, 'story-retry', `${localAgents(stack)}\n${agent.address}`);
  await expectAccessible(page);
  await pressAttach(page, 'Attach 5 hosts');

  await expect(page.getByText('1 of 5 failed')).toBeVisible();
  await expect(page.getByText('4 of 5 restored')).toBeVisible();
  const group = page.getByRole('listitem').filter({ hasText: 'connection refused' });
  await expect(group).toHaveCount(1);
  await expect(group).toContainText(agent.address);
  await page.getByRole('link', { name: '1 of 5 failed' }).click();
  const failedRow = page.getByRole('row').filter({ hasText: agent.address });
  await expect(failedRow).toContainText('connection refused');
  await expect(page.getByRole('row').filter({ hasText: `tcp:127.0.0.1:${stack.agentPort}` })).toHaveCount(0);
  await expectAccessible(page);

  await agent.start();
  await page.getByRole('button', { name: 'Retry 1 failed host' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Asked first: 1 host');
  await expect(dialog).toContainText(agent.address);
  await expect(dialog).toContainText('Asked then: 4 hosts');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Retry 1 failed host' }).click();
  const installed = page.getByText('5 of 5 installed');
  await takeOverIfAsked(page, installed);

  await expect(installed).toBeVisible();
  await page.getByRole('link', { name: 'Open mesh story-retry' }).click();
  await expect(page.getByRole('heading', { name: 'story-retry' })).toBeVisible();
  await expect(page.getByText(/5 of 5/).first()).toBeVisible();
  await expectAccessible(page);
});

test('a host list tells its errors line by line as it is typed, and counts what it names', async ({
  page,
  stack,
}) => {
  await fillIn(page, 'story-lines', `${localAgents(stack)}\nnonsense`);
  await expect(page.getByText('Line 2')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Attach/ })).toBeDisabled();
  await page
    .getByLabel('Hosts', { exact: true })
    .fill(`${localAgents(stack)}\ntcp:127.0.0.1:${stack.agentPort}`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Line 2' })).toContainText(
    `tcp:127.0.0.1:${stack.agentPort}`,
  );
  await page.getByLabel('Hosts', { exact: true }).fill(`tcp:gpu[001-128,200]:26600`);
  await expect(page.getByRole('button', { name: 'Attach 129 hosts' })).toBeEnabled();
  await expect(page.getByText('129 hosts', { exact: true })).toBeVisible();
});

test('a check shows who answers and what would change, and sends nothing', async ({
  page,
  stack,
  client,
}) => {
  const dead = await freePorts(1);
  await fillIn(page, 'story-check', `${localAgents(stack)}\ntcp:127.0.0.1:${dead}`);
  await page.getByRole('button', { name: 'Override a value' }).click();
  await page.getByLabel('Config key 1').fill('PROC_SPAWN_MAX_IDLE');
  await page.getByLabel('Value of PROC_SPAWN_MAX_IDLE').fill('47s');
  await page.getByRole('button', { name: 'Check hosts first' }).click();
  const preflight = page.getByTestId('preflight');
  await expect(preflight).toContainText('4 of 5 hosts answer; an attach would fail on 1');
  await preflight
    .getByText(/of 5 hosts would change/)
    .first()
    .click();
  await expect(preflight.getByRole('row').filter({ hasText: 'PROC_SPAWN_MAX_IDLE' }).first()).toContainText(
    '47s',
  );
  const attempts = await client.call(routes.listAttempts, { query: { mesh: 'story-check' } });
  expect(attempts.ok && attempts.value.items).toEqual([]);
});

test('what the API refuses is said at the field, and nothing typed is lost', async ({ page, stack }) => {
  await fillIn(page, 'story-refused', localAgents(stack));
  await page.getByRole('button', { name: 'Override a value' }).click();
  await page.getByLabel('Config key 1').fill('PROC_SPAWN_MAX_IDLE');
  await page.getByLabel('Value of PROC_SPAWN_MAX_IDLE').fill('soon');
  await page.getByRole('button', { name: 'Attach 4 hosts' }).click();
  await expect(page.getByLabel('Value of PROC_SPAWN_MAX_IDLE')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Hosts', { exact: true })).toHaveValue(localAgents(stack));
});

test('a name that is attached gets other hosts only after what ends was shown; without the failed, one press makes a smaller mesh', async ({
  page,
  attachAgents,
  spawn,
  agent,
}) => {
  const { agents, meshId } = await attachAgents('story-names', 2);
  const command = { program: 'sleep', args: ['600'] };
  await spawn(meshId, { name: 'precious', perHost: {}, command });
  const [first, second] = agents.map(({ address }) => address);
  await fillIn(page, 'story-names', `${first}\n${agent.address}`);
  await page.getByRole('button', { name: 'Attach 2 hosts' }).click();
  const cost = page.getByTestId('cost');
  await expect(cost).toContainText('2 procs of precious end');
  await expect(cost).toContainText(`${second}: let go`);
  await cost.getByRole('button', { name: 'Replace story-names' }).click();
  await expect(page.getByText('1 of 2 failed')).toBeVisible();
  await page.getByRole('button', { name: 'Attach without 1 failed host' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Left out: 1 host');
  await expect(dialog).toContainText(agent.address);
  await dialog.getByRole('button', { name: 'Attach without 1 failed host' }).click();
  await dialog.getByTestId('cost').getByRole('button', { name: 'Replace story-names' }).click();
  await expect(page.getByText('1 of 1 installed')).toBeVisible();
  await expect(page.getByText('2 procs of precious were told to end').first()).toBeVisible();
});
