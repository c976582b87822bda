import { routes } from '@hostmesh/contract';
import type { Page } from '@playwright/test';
import { localAgents } from '../stack/stack.ts';
import { expect, signedOut, test } from '../stack/story.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 375, height: 740 };

/** Where the page is, and a heading that is there once it has loaded. */
type Place = readonly [path: string, heading: string];

/** Goes to each page and looks at it light, dark and on a phone. */
async function lookAt(
  page: Page,
  places: readonly Place[],
  expectAccessible: (page: Page) => Promise<void>,
): Promise<void> {
  // Each look is one of many, and takes its time on a busy machine.
  test.slow();
  // Colours that fade into each other would be measured half way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [path, heading] of places) {
    await test.step(path, async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(WIDE);
      await page.goto(path);
      await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      await expectAccessible(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expectAccessible(page);
      await page.setViewportSize(PHONE);
      await expectAccessible(page);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect.soft(width, `${path} fits a phone`).toBe(PHONE.width);
    });
  }
}

test('lists and forms are accessible in both themes and on a phone', async ({
  page,
  stack,
  agent,
  attach,
  expectAccessible,
}) => {
  await attach({ mesh: 'access-lists', hosts: localAgents(stack) });
  await attach({ mesh: 'access-failed', hosts: agent.address });
  const places: readonly Place[] = [
    ['/', 'Overview'],
    ['/attach', 'Attach'],
    ['/meshes', 'Meshes'],
    ['/attempts', 'Attempts'],
    ['/config', 'Config'],
    ['/config/PROC_SPAWN_MAX_IDLE', 'Config'],
    ['/activity', 'Activity'],
    ['/activity/changes', 'Activity'],
  ];
  await lookAt(page, places, expectAccessible);
});

test('meshes, hosts and attempts are accessible in both themes and on a phone', async ({
  page,
  stack,
  client,
  agent,
  attach,
  expectAccessible,
}) => {
  const attached = await attach({ mesh: 'access-good', hosts: localAgents(stack) });
  const hosts = `${localAgents(stack)}, ${agent.address}`;
  const failed = await attach({ mesh: 'access-bad', hosts });
  const running = await client.call(routes.startAttach, {
    body: { mesh: 'access-wait', hosts, timeout: '5m', waitForHosts: '5m', takeOver: true },
    headers: { prefer: 'respond-async' },
  });
  if (!running.ok) throw new Error(running.fault.message);
  const places: readonly Place[] = [
    [`/meshes/${attached.meshId}`, 'access-good'],
    [`/meshes/${attached.meshId}/hosts/0`, 'access-good'],
    [`/attempts/${attached.id}`, 'Attach access-good'],
    [`/attempts/${failed.id}`, 'Attach access-bad'],
    [`/attempts/${running.value.id}`, 'Attach access-wait'],
  ];
  await lookAt(page, places, expectAccessible);
  await client.call(routes.cancelAttempt, { params: { id: running.value.id } });
});

test('procs, their output and orphans are accessible in both themes and on a phone', async ({
  page,
  attachAgents,
  spawn,
  procsOf,
  expectAccessible,
}) => {
  const { meshId } = await attachAgents('access-procs', 2);
  const talk = 'echo out; echo err >&2; test $HOSTMESH_RANK = 1 && { sleep 1; exit 3; }; exec sleep 600';
  const { id } = await spawn(meshId, {
    name: 'access',
    perHost: { gpus: 2 },
    command: { program: 'sh', args: ['-c', talk] },
  });
  const [first, second] = await procsOf(id);
  await expect.poll(async () => (await procsOf(id))[1]?.status).toBe('Failed');
  const places: readonly Place[] = [
    ['/procs', 'Procs'],
    ['/procs/all', 'Procs'],
    ['/orphans', 'Orphans'],
    [`/meshes/${meshId}/spawn`, 'Spawn procs on access-procs'],
    [`/proc-meshes/${id}`, 'access'],
    [`/proc-meshes/${id}/procs/1`, 'access'],
    [`/procs/${first?.id}`, 'access, rank 0'],
    [`/procs/${second?.id}`, 'access, rank 1'],
  ];
  await lookAt(page, places, expectAccessible);
});

test('the sign-in is accessible in both themes and on a phone', async ({
  browser,
  stack,
  expectAccessible,
}) => {
  const page = await browser.newPage({ baseURL: new URL(stack.url).origin, storageState: signedOut });
  await lookAt(page, [['/sign-in', 'Sign in to Hostmesh']], expectAccessible);
  await page.close();
});
