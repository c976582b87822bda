import { Attempt, MeshHost } from '@hostmesh/contract';
import { hostmesh } from '../stack/hostmesh.ts';
import { freePorts, localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test('attach exits 0 once every host has installed the config, and the mesh can be listed', async ({
  stack,
}) => {
  const attached = await hostmesh(stack, ['--json', 'attach', '--take-over', 'cli-good', localAgents(stack)]);
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
  const failed = await hostmesh(stack, [
    'attach',
    '--take-over',
    'cli-dead',
    localAgents(stack),
    `tcp:127.0.0.1:${dead}`,
  ]);
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
