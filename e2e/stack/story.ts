import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { createClient, type Client } from '@hostmesh/client';
import { routes, type AttachRequest, type Attempt } from '@hostmesh/contract';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { makeAgent, type Agent } from './agent.ts';
import { startSimHosts, type SimHosts } from './sim-hosts.ts';
import type { Stack } from './stack.ts';

interface Story {
  readonly stack: Stack;
  readonly client: Client;
  /** Runs an attach to its end, whatever that is, through the API. */
  readonly attach: (request: AttachRequest) => Promise<Attempt>;
  /** A real agent of the story's own, on a port where nobody listens until it is started. */
  readonly agent: Agent;
  /** Starts hosts that misbehave, as the options of `pnpm sim-hosts` say; they end with the story. */
  readonly simHosts: (...options: readonly string[]) => Promise<SimHosts>;
  /** Fails the story when the page has an accessibility violation. */
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
  attach: async ({ client }, use) => {
    await use((request) => attach(client, request));
  },
  agent: async ({ stack }, use) => {
    const agent = await makeAgent(stack);
    await use(agent);
    await agent.remove();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  simHosts: async ({}, use) => {
    const started: SimHosts[] = [];
    await use(async (...options) => {
      const hosts = await startSimHosts(options);
      started.push(hosts);
      return hosts;
    });
    for (const hosts of started) await hosts.close();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  expectAccessible: async ({}, use) => {
    await use(async (page) => {
      // The other mode opens one more tab for the sake of frames, of which there are none.
      const { violations, url } = await new AxeBuilder({ page })
        .setLegacyMode()
        .options({ resultTypes: ['violations'] })
        .analyze();
      const found = violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map(({ target }) => target.join(' ')),
      }));
      // The story goes on, so that one run tells of every page.
      expect.soft(found, url).toEqual([]);
    });
  },
  baseURL: async ({ stack }, use) => {
    await use(new URL(stack.url).origin);
  },
  page: async ({ page, stack }, use) => {
    await page.goto(stack.url);
    await expect(page).toHaveURL((url) => !url.pathname.startsWith('/sign-in'));
    await use(page);
  },
});

export { expect };

/** The paragraph that says this, as the sentence at the head of a page does. */
export const sentence = (page: Page, text: string): Locator =>
  page.getByRole('paragraph').filter({ hasText: text });

async function attach(client: Client, body: AttachRequest): Promise<Attempt> {
  const ended = await client.call(routes.startAttach, { body });
  if (ended.ok) return ended.value;
  const id = ended.fault.problem?.attemptId;
  if (typeof id !== 'string') throw new Error(ended.fault.message);
  const failed = await client.call(routes.getAttempt, { params: { id } });
  if (!failed.ok) throw new Error(failed.fault.message);
  return failed.value;
}
