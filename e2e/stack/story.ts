import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { createClient, type Client } from '@hostmesh/client';
import { test as base, expect, type Page } from '@playwright/test';
import { root, type Stack } from './stack.ts';

interface Story {
  readonly stack: Stack;
  readonly client: Client;
  /** Starts one more real agent on a port of this machine; it ends with the story. */
  readonly startAgent: (port: number) => Promise<void>;
  /** Fails when the page has an accessibility violation. */
  readonly expectAccessible: (page: Page) => Promise<void>;
}

/** A story: a signed-in page, the running product, and its API. */
export const test = base.extend<Story>({
  // Playwright wants an object pattern as first argument even where no fixture is used.
  // eslint-disable-next-line no-empty-pattern
  stack: async ({}, use) => {
    await use(JSON.parse(process.env.HOSTMESH_E2E_STACK ?? ''));
  },
  client: async ({ stack }, use) => {
    const token = (await readFile(join(stack.dataDir, 'admin-token'), 'utf8')).trim();
    await use(createClient({ baseUrl: `http://127.0.0.1:${stack.apiPort}`, token }));
  },
  startAgent: async ({ stack }, use) => {
    const stops: (() => Promise<void>)[] = [];
    await use(async (port) => {
      stops.push(await runAgent(stack, port));
    });
    for (const stop of stops) await stop();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  expectAccessible: async ({}, use) => {
    await use(async (page) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(' ')) })),
      ).toEqual([]);
    });
  },
  page: async ({ page, stack }, use) => {
    await page.goto(stack.url);
    await expect(page).toHaveURL((url) => !url.pathname.startsWith('/sign-in'));
    await use(page);
  },
});

export { expect };

async function runAgent(stack: Stack, port: number): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-e2e-agent-'));
  const key = (await readFile(join(stack.dataDir, 'agent-key'), 'utf8')).trim();
  const child = spawn(
    process.execPath,
    [join(root, 'apps/agent/src/main.ts'), '--listen', `tcp:127.0.0.1:${port}`, '--data-dir', dataDir],
    { stdio: 'ignore', env: { ...process.env, HOSTMESH_AGENT_KEY: key } },
  );
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    )
    .toBe(true);
  return async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    await rm(dataDir, { recursive: true, force: true });
  };
}
