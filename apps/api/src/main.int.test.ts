import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './testing/patience.ts';
import { adminOf, startApiProcess, testDir } from './testing/api-process.ts';
import { hostsOf } from './testing/sim-hosts.ts';
import { listOf, testDatabaseUrl } from './testing/test-api.ts';

const envOf = async () => ({ HOSTMESH_DATA_DIR: await testDir(), DATABASE_URL: await testDatabaseUrl() });

describe('the API process', () => {
  test('makes an admin token once, for its owner alone, and says where it is without showing it; no secret is left in its environment', async () => {
    const env = await envOf();
    const file = join(env.HOSTMESH_DATA_DIR, 'admin-token');
    const first = startApiProcess(env);
    const url = await first.url;
    const told = await readFile(`/proc/${first.pid}/environ`, 'utf8');
    expect([told.includes(env.DATABASE_URL), told.includes('DATABASE_URL_FILE=')]).toEqual([false, true]);
    const token = (await readFile(file, 'utf8')).trim();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(first.output()).toContain(file);
    expect(first.output()).not.toContain(token);
    const answer = await fetch(`${url}/api/v1/session`, { headers: await adminOf(env.HOSTMESH_DATA_DIR) });
    expect(await answer.json()).toMatchObject({ name: 'admin' });
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    // Somebody who lost the token puts another one there.
    await writeFile(file, 'hm_mine_and_no_other\n');
    const second = startApiProcess(env);
    const session = `${await second.url}/api/v1/session`;
    expect((await fetch(session, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect((await fetch(session, { headers: { authorization: 'Bearer hm_mine_and_no_other' } })).status).toBe(
      200,
    );
    expect(second.output()).not.toContain('hm_mine');
    second.kill('SIGTERM');
    await second.ended;

    // And is told when it could be guessed.
    await writeFile(file, 'hm_short\n');
    const third = startApiProcess(env);
    expect(await third.ended).toBe(2);
    expect(third.output()).toMatch(/admin token in .* has 8 bytes; 16 bytes or more/);
    expect(third.output()).not.toContain('hm_short');
  });

  test('starts a database of its own when none is given', async () => {
    const api = startApiProcess({ HOSTMESH_DATA_DIR: await testDir() });
    const ready = await fetch(`${await api.url}/api/v1/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    api.kill('SIGTERM');
    expect(await api.ended).toBe(0);
  });

  test('a port that is taken is said so, with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const api = startApiProcess({ ...(await envOf()), HOSTMESH_API_PORT: port });
    expect(await api.ended).toBe(1);
    expect(api.output()).toContain(`Port ${port} is taken`);
    expect(api.output()).toContain('HOSTMESH_API_PORT');
  });

  test('settings that are wrong end it with code 2 and a line for each', async () => {
    const api = startApiProcess({ HOSTMESH_API_HOST: '0.0.0.0', HOSTMESH_DATA_DIR: await testDir() });
    expect(await api.ended).toBe(2);
    expect(api.output()).toContain('HOSTMESH_ALLOWED_HOSTS');
  });

  test('a SIGTERM lets an attempt end, and answers whoever waits for it', async () => {
    const sim = await hostsOf({ count: 1, faults: { 0: { kind: 'answer_late', afterMs: 400 } } });
    const env = await envOf();
    const api = startApiProcess({ ...env, HOSTMESH_SHUTDOWN_GRACE: '10s' });
    const waiting = attach(await api.url, env.HOSTMESH_DATA_DIR, listOf(sim.addresses));
    await eventually(() => sim.hosts[0]?.pushes).toBe(1);
    api.kill('SIGTERM');
    expect((await waiting).status).toBe(201);
    expect(await api.ended).toBe(0);
  });

  test('a SIGTERM ends an attempt that outlasts the grace as interrupted, and cleans up after it', async () => {
    const sim = await hostsOf({ count: 2, faults: { 1: { kind: 'hang_after_accept' } } });
    const env = await envOf();
    const api = startApiProcess({ ...env, HOSTMESH_SHUTDOWN_GRACE: '100ms' });
    const waiting = attach(await api.url, env.HOSTMESH_DATA_DIR, listOf(sim.addresses));
    await eventually(() => sim.hosts[0]?.installedDigest).not.toBeNull();
    api.kill('SIGTERM');
    const answer = await waiting;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'shutting_down', attemptId: expect.any(String) });
    expect(await api.ended).toBe(0);
    expect(sim.hosts[0]?.installedDigest).toBeNull();
  });
});

const attach = async (url: string, dataDir: string, hosts: string[]) =>
  fetch(`${url}/api/v1/attach-attempts`, {
    method: 'POST',
    headers: { ...(await adminOf(dataDir)), 'content-type': 'application/json' },
    body: JSON.stringify({ mesh: 'train', hosts }),
  });
