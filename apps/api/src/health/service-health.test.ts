import type { EngineChange } from '@hostmesh/db';
import type { DiskFault } from '@hostmesh/part';
import { expect, onTestFinished, test } from 'vitest';
import { ServiceHealth } from './service-health.ts';

const MIB = 1024 * 1024;

async function healthOf(lookEveryMs = 60_000) {
  const noted: EngineChange[] = [];
  const world = {
    noted,
    beat: () => Promise.resolve(),
    freeBytes: 100 * MIB,
    fault: null as DiskFault | null,
  };
  const health = new ServiceHealth({
    db: {
      beat: () => world.beat(),
      changes: {
        noteStart: () => world.beat(),
        noteEngine: async (_owner, changes) => {
          await world.beat();
          noted.push(...changes);
        },
      },
    },
    owner: 'api_1',
    dataDir: '/data/hostmesh',
    lookEveryMs,
    tryWrite: () => Promise.resolve(world.fault),
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

test('a disk that has room and takes nothing is not well, whatever keeps it, and is well when it does again', async () => {
  const { health, world } = await healthOf();
  world.fault = { isFull: false, message: 'the disk /data is mounted read-only' };
  await health.look();
  expect(broken(health)).toEqual(['disk']);
  expect(health.explain(away)).toMatchObject({
    code: 'database_unavailable',
    message: 'Nothing can be recorded: the disk /data is mounted read-only. What was recorded is kept.',
  });
  world.fault = { isFull: true, message: 'the disk /data can hold no further file' };
  await health.look();
  expect(health.explain(away)).toMatchObject({ code: 'disk_full' });
  world.fault = null;
  await health.look();
  expect(broken(health)).toEqual([]);
});

test('what a part was while the database did not answer is noted once it does, in order and with its own times', async () => {
  const { health, world } = await healthOf();
  world.beat = () => Promise.reject(new Error('connection refused'));
  await health.look();
  world.freeBytes = 0;
  await health.look();
  world.noted.length = 0;
  const away = health.parts.find(({ part }) => part === 'database')?.since ?? '';
  world.freeBytes = 100 * MIB;
  world.beat = () => Promise.resolve();
  await health.look();
  await health.stop();
  expect(world.noted).toMatchObject([
    { part: 'database', to: 'failing', why: 'it took no write (connection refused)', at: new Date(away) },
    { part: 'disk', to: 'failing' },
    { part: 'disk', to: 'well', why: null },
    { part: 'database', to: 'well', why: null },
    { part: 'api', to: 'stopped' },
  ]);
});

test('a database that hangs does not keep the console from stopping', async () => {
  const { health, world } = await healthOf(10);
  world.beat = () => new Promise<void>(() => undefined);
  await health.stop();
  expect(world.noted).not.toContainEqual(expect.objectContaining({ part: 'api' }));
});
