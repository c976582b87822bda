import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { createClient, type Client } from '@hostmesh/client';
import {
  routes,
  type AttachRequest,
  type Attempt,
  type Proc,
  type ProcMeshView,
  type SpawnRequest,
} from '@hostmesh/contract';
import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { stackOfWorker, type Stack } from './stack.ts';
import { makeStoryAgent, startStorySimHosts, type StoryAgent, type StorySimHosts } from './story-hosts.ts';

/** What all stories of a worker share. */
export interface WorkerStory {
  /** The running product, with agents that only the stories of this worker use. */
  readonly stack: Stack;
  readonly client: Client;
  /** Cookies of a browser that has signed in. */
  readonly signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** What a story is given. */
export interface Story {
  /** Runs an attach to its end, whatever that is, through the API. */
  readonly attach: (request: AttachRequest) => Promise<Attempt>;
  /** Runs a spawn to its end, whatever that is, through the API. */
  readonly spawn: (meshId: string, request: SpawnRequest) => Promise<ProcMeshView>;
  /** The procs of a proc mesh as the API knows them now, by rank. */
  readonly procsOf: (procMeshId: string) => Promise<readonly Proc[]>;
  /** Starts so many agents of the story's own and attaches them as a mesh, with such a config; they end with it. */
  readonly attachAgents: (
    mesh: string,
    count: number,
    config?: Record<string, string>,
  ) => Promise<AttachedAgents>;
  /** A real agent of the story's own, on a port where nobody listens until it is started. */
  readonly agent: StoryAgent;
  /** Starts hosts that misbehave, as the options of `pnpm sim-hosts` say; they end with the story. */
  readonly simHosts: (...options: readonly string[]) => Promise<StorySimHosts>;
  /** Fails the story when the page has an accessibility violation. */
  readonly expectAccessible: (page: Page) => Promise<void>;
}

interface AttachedAgents {
  /** By host rank. */
  readonly agents: readonly StoryAgent[];
  readonly meshId: string;
}

/** A story: a browser that is signed in, the running product, and its API. */
export const test = base.extend<Story, WorkerStory>({
  stack: [
    // Playwright wants an object pattern as first argument even where no fixture is used.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use, { parallelIndex }) => {
      const stack: Stack = JSON.parse(process.env.HOSTMESH_E2E_STACK ?? '');
      await use(stackOfWorker(stack, parallelIndex));
    },
    { scope: 'worker' },
  ],
  client: [
    async ({ stack }, use) => {
      const token = (await readFile(join(stack.dataDir, 'admin-token'), 'utf8')).trim();
      await use(createClient({ baseUrl: `http://127.0.0.1:${stack.apiPort}`, token }));
    },
    { scope: 'worker' },
  ],
  signedIn: [
    async ({ browser, client }, use) => {
      const context = await browser.newContext();
      await signIn(await context.newPage(), client);
      await use(await context.storageState());
      await context.close();
    },
    { scope: 'worker' },
  ],
  attach: async ({ client }, use) => {
    await use((request) => attach(client, request));
  },
  spawn: async ({ client }, use) => {
    await use((meshId, request) => spawn(client, meshId, request));
  },
  procsOf: async ({ client }, use) => {
    await use(async (id) => {
      const page = await client.call(routes.listMeshProcs, { params: { id }, query: { limit: 500 } });
      if (!page.ok) throw new Error(page.fault.message);
      return page.value.items;
    });
  },
  attachAgents: async ({ stack, client }, use) => {
    const started: StoryAgent[] = [];
    const meshes: string[] = [];
    await use(async (mesh, count, config = {}) => {
      const agents = await Promise.all(Array.from({ length: count }, () => makeStoryAgent(stack)));
      started.push(...agents);
      await Promise.all(agents.map((agent) => agent.start()));
      const hosts = agents.map(({ address }) => address);
      const { meshId } = await attach(client, { mesh, hosts, config });
      if (meshId === null) throw new Error(`${mesh} was not attached`);
      meshes.push(meshId);
      return { agents, meshId };
    });
    for (const agent of started) agent.thaw();
    // Ends what the story left running; it may have ended the mesh itself.
    await Promise.all(meshes.map((id) => client.call(routes.stopMesh, { params: { id }, body: {} })));
    await Promise.all(started.map((agent) => agent.remove()));
  },
  agent: async ({ stack }, use) => {
    const agent = await makeStoryAgent(stack);
    await use(agent);
    await agent.remove();
  },
  simHosts: async ({ stack }, use) => {
    const started: StorySimHosts[] = [];
    await use(async (...options) => {
      const hosts = await startStorySimHosts(stack, options);
      started.push(hosts);
      return hosts;
    });
    for (const hosts of started) await hosts.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- as above
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
  storageState: async ({ signedIn }, use) => {
    await use(signedIn);
  },
});

export { expect };

/** What a browser knows that has never signed in. */
export const signedOut = { cookies: [], origins: [] };

/** Opens a link that signs in, one of its own: each counts once. */
export async function signIn(page: Page, client: Client): Promise<void> {
  const made = await client.call(routes.makeSignInCode, {});
  if (!made.ok) throw new Error(made.fault.message);
  await page.goto(made.value.url);
  await expect(page).toHaveURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** The paragraph that says this, as the sentence at the head of a page does. */
export const paragraph = (page: Page, text: string): Locator =>
  page.getByRole('paragraph').filter({ hasText: text });

/** Sends the form of an attach; hosts that meshes of other stories use are taken over, as the form then asks. */
export async function pressAttach(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await takeOverIfAsked(page, page.getByRole('heading', { name: /^Attach \S/ }));
}

/** Takes the hosts over that other stories have left attached, where that is asked; `done` is what is there when it is not. */
export async function takeOverIfAsked(page: Page, done: Locator): Promise<void> {
  const takeOver = page.getByTestId('cost').getByRole('button', { name: /^Take over/ });
  await expect(takeOver.or(done).first()).toBeVisible();
  if (await takeOver.isVisible()) await takeOver.click();
}

/** The section of a page below this heading. */
export const section = (page: Page, title: string): Locator =>
  page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name: title }) });

/** The count of procs with a status at the head of a proc mesh: `3 of 4 Running`. Its matrix has another. */
export const procCount = (page: Page, text: string): Locator =>
  page.getByRole('listitem').getByRole('link', { name: text, exact: true }).first();

async function attach(client: Client, body: AttachRequest): Promise<Attempt> {
  // Stories take turns with the agents of their worker.
  const ended = await client.call(routes.startAttach, { body: { replace: true, takeOver: true, ...body } });
  if (ended.ok) return ended.value;
  const id = ended.fault.problem?.attemptId;
  if (typeof id !== 'string') throw new Error(ended.fault.message);
  const failed = await client.call(routes.getAttempt, { params: { id } });
  if (!failed.ok) throw new Error(failed.fault.message);
  return failed.value;
}

async function spawn(client: Client, meshId: string, body: SpawnRequest): Promise<ProcMeshView> {
  const ended = await client.call(routes.spawnProcMesh, { params: { id: meshId }, body });
  if (ended.ok) return ended.value;
  const id = ended.fault.problem?.procMeshId;
  if (typeof id !== 'string') throw new Error(ended.fault.message);
  const failed = await client.call(routes.getProcMesh, { params: { id } });
  if (!failed.ok) throw new Error(failed.fault.message);
  return failed.value;
}
