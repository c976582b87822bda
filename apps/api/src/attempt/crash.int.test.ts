import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '@hostmesh/db';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, soakOr } from '../testing/patience.ts';
import { adminOf, startApiProcess, testDir } from '../testing/api-process.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, testDatabaseUrl } from '../testing/test-api.ts';

const HOSTS = 12;
/** Installations at a time, each killed so often: a start is mostly waiting for modules to load. */
const LANES = soakOr(2, 1);
const KILLS = soakOr(10, 3);

async function databaseOf(url: string): Promise<Database> {
  const opened = await openDatabase(url);
  if (!opened.ok) throw new Error(opened.fault.message);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

/** How long it took, with room for what comes after it. */
async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = Date.now();
  await work();
  return (Date.now() - startedAt) * 1.2;
}

const noneRuns = (db: Database) =>
  eventually(async () => db.attempts.list({ limit: 1, state: 'running' })).toMatchObject({
    value: { items: [] },
  });

async function lane() {
  const sim = await hostsOf({
    count: HOSTS,
    faults: Object.fromEntries(
      [3, 7].map((rank) => [rank, { kind: 'answer_late' as const, afterMs: 40 * rank }]),
    ),
  });
  const databaseUrl = await testDatabaseUrl();
  const dataDir = await testDir();
  const env = { HOSTMESH_DATA_DIR: dataDir, DATABASE_URL: databaseUrl, HOSTMESH_LOG_LEVEL: 'info' };
  const accepted: string[] = [];

  async function attach(url: string, round: number): Promise<void> {
    const answer = await fetch(`${url}/api/v1/attach-attempts`, {
      method: 'POST',
      headers: { ...(await adminOf(dataDir)), 'content-type': 'application/json', prefer: 'respond-async' },
      // Another config each time, so that what a host holds tells which attempt it is from.
      body: JSON.stringify({
        mesh: 'train',
        hosts: listOf(sim.addresses),
        config: { PROC_STOP_MAX_IDLE: `${round + 1}s` },
      }),
    });
    // Of the contract, and the only field that is looked at.
    if (answer.status === 202) accepted.push(((await answer.json()) as { id: string }).id);
  }

  const db = await databaseOf(databaseUrl);
  let killWithinMs = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const api = startApiProcess(env);
    const url = await api.url;
    if (round === 0) killWithinMs = await timed(() => attach(url, KILLS).then(() => noneRuns(db)));
    const asked = attach(url, round).catch(() => undefined);
    await sleep(Math.random() * killWithinMs);
    api.kill('SIGKILL');
    await Promise.all([api.ended, asked]);
  }
  await startApiProcess(env).url;
  return { sim, accepted, db };
}

test(`killed ${LANES * KILLS} times in the middle of an attach, the API never shows one as more than it was`, async () => {
  for (const { sim, accepted, db } of await Promise.all(Array.from({ length: LANES }, lane))) {
    const page = await db.attempts.list({ limit: 100 });
    const attempts = page.ok ? page.value.items : [];
    const states = attempts.map(({ state }) => state);
    expect(states.filter((state) => state !== 'attached' && state !== 'interrupted')).toEqual([]);
    expect(attempts.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted));
    for (const { id, state, counts } of attempts) {
      expect(counts.total).toBe(HOSTS);
      const targets = await db.attempts.targets(id);
      expect(targets).toHaveLength(HOSTS);
      if (state === 'attached')
        expect(new Set(targets.map((target) => target.state))).toEqual(new Set(['installed']));
    }
    // Hosts hold what the last success gave them, and nothing of what came after it.
    const live = await db.meshes.list({ limit: 1, state: 'attached' });
    const expected = live.ok ? (live.value.items[0]?.configDigest ?? null) : undefined;
    await eventually(() => [...new Set(sim.hosts.map((host) => host.installedDigest))]).toEqual([expected]);
  }
}, 240_000);
