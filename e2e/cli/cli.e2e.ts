import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Attempt, MeshHost } from '@hostmesh/contract';
import { freePorts, localAgents, root, type Stack } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a user of this machine would, against the running product. */
function hostmesh(stack: Stack, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOSTMESH_API_PORT: String(stack.apiPort),
      HOSTMESH_DATA_DIR: stack.dataDir,
      ...env,
    },
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}

test('attach exits 0 once every host has installed the config, and the mesh can be listed', async ({
  stack,
}) => {
  const attached = await hostmesh(stack, ['--json', 'attach', 'cli-good', localAgents(stack)]);
  expect(attached).toMatchObject({ code: 0 });
  const attempt = Attempt.parse(JSON.parse(attached.out));
  expect(attempt).toMatchObject({ state: 'attached', counts: { total: 4, installed: 4, failed: 0 } });
  const hosts = await hostmesh(stack, ['--json', 'hosts', attempt.meshId ?? '']);
  expect(
    MeshHost.array()
      .parse(JSON.parse(hosts.out))
      .map(({ rank }) => rank),
  ).toEqual([0, 1, 2, 3]);
  expect((await hostmesh(stack, ['meshes'])).out).toContain('cli-good');
});

test('attach exits 1 and names exactly the host that did not install', async ({ stack }) => {
  const dead = await freePorts(1);
  const failed = await hostmesh(stack, ['attach', 'cli-dead', localAgents(stack), `tcp:127.0.0.1:${dead}`]);
  expect(failed.code).toBe(1);
  expect(failed.out).toContain(`tcp:127.0.0.1:${dead}: connection refused`);
  expect(failed.out.match(/^ {2}- /gm)).toHaveLength(1);
});

test('input that is refused exits 2 and names the field', async ({ stack }) => {
  const refused = await hostmesh(stack, ['attach', 'cli-bad', 'tcp:127.0.0.1:1', '--timeout', 'soon']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('timeout');
});

test('a wrong token and a missing API exit 3', async ({ stack }) => {
  expect(await hostmesh(stack, ['attempts'], { HOSTMESH_TOKEN: 'wrong' })).toMatchObject({ code: 3 });
  const nowhere = await hostmesh(stack, ['attempts'], {
    HOSTMESH_API_URL: `http://127.0.0.1:${await freePorts(1)}`,
  });
  expect(nowhere).toMatchObject({ code: 3, err: expect.stringContaining('Is it running?') });
});
