import { expect, onTestFinished, test } from 'vitest';
import { ServiceHealth } from './service-health.ts';

const MIB = 1024 * 1024;

async function healthOf() {
  const world = { beat: () => Promise.resolve(), freeBytes: 100 * MIB };
  const health = new ServiceHealth({
    db: { beat: () => world.beat() },
    owner: 'api_1',
    dataDir: '/data/hostmesh',
    lookEveryMs: 60_000,
    readSpace: (path) =>
      Promise.resolve({ path, mountPoint: '/data', freeBytes: world.freeBytes, totalBytes: 200 * MIB }),
  });
  onTestFinished(() => health.stop());
  await health.start();
  return { health, world };
}
const broken = (health: ServiceHealth) => health.parts.filter(({ ok }) => !ok).map(({ part }) => part);
const away = { code: 'database_unavailable', message: 'The database does not answer.' } as const;

test('a database that takes writes keeps nobody from being served', async () => {
  const { health } = await healthOf();
  expect(health.parts.find(({ part }) => part === 'database')).toMatchObject({ ok: true });
  expect(health.refusal()).toBeNull();
  expect(health.explain(away)).toBe(away);
});

test('one that does not is told of with the time since when, which stays while it lasts', async () => {
  const { health, world } = await healthOf();
  world.beat = () => Promise.reject(new Error('Query read timeout'));
  await health.look();
  const since = health.parts.find(({ part }) => part === 'database')?.since ?? '';
  await health.look();
  expect(broken(health)).toEqual(['database']);
  expect(health.explain(health.refusal() ?? away)).toMatchObject({
    code: 'database_unavailable',
    message: `The database does not answer. That is so since ${since}: it took no write (Query read timeout).`,
  });
  world.beat = () => Promise.resolve();
  await health.look();
  expect(health.refusal()).toBeNull();
});

test('a full disk is named with what is free and where, and a database that fails for it is no other fault', async () => {
  const { health, world } = await healthOf();
  world.freeBytes = 0;
  world.beat = () => Promise.reject(Object.assign(new Error('could not extend file'), { code: '53100' }));
  await health.look();
  expect(broken(health)).toEqual(['disk', 'database']);
  expect(health.explain(health.refusal() ?? away)).toMatchObject({
    code: 'disk_full',
    message: expect.stringContaining('the disk /data has 0 B of 200 MiB free (/data/hostmesh)') as string,
  });
});

test('whoever waits because we are busy is not told that the database does not answer', async () => {
  const { health } = await healthOf();
  const busy = { code: 'busy', message: 'All connections to the database are busy.' } as const;
  expect(health.explain(busy)).toEqual({ ...busy, headers: { 'retry-after': '1' } });
});
