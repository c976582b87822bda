import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { eventually, soakOr } from '../../testing/patience.ts';
import { attachTo, spawnOn } from '../../testing/proc-requests.ts';
import { hostsOf } from '../../testing/sim-hosts.ts';
import { listOf, startTestApi } from '../../testing/test-api.ts';

const HOSTS = soakOr(250, 30);
const SLOTS = 8;
/** Longer than it takes until every proc has changed often enough; the stop ends it. */
const STORM_MS = 60_000;
/** Of every proc, before the storm is stopped. */
const ENOUGH_CHANGES = soakOr(10, 3);
/** Of a soak, 2,000 procs that change twice a second: 4,000 changes a second in all. */
const FLAP_MS = 1000;

test('of a storm of changes every one is recorded, in the order in which it happened', async () => {
  const sim = await hostsOf({ count: HOSTS });
  const api = await startTestApi();
  const meshId = await attachTo(api, listOf(sim.addresses));
  const spawned = await spawnOn(api, meshId, {
    perHost: { slots: SLOTS },
    command: { program: 'sim' },
    restart: { policy: 'always', limit: 1000, backoff: '10ms' },
  });
  expect(spawned).toMatchObject({ status: 201, body: { counts: { Running: HOSTS * SLOTS } } });
  sim.flapProcs(FLAP_MS, STORM_MS);
  const generations = async () => {
    const page = await api.db.procs.list(spawned.body.id, { limit: 1000 });
    return page.ok ? page.value.items.map(({ generation }) => generation) : [];
  };
  await eventually(async () => Math.min(...(await generations()))).toBeGreaterThan(ENOUGH_CHANGES);
  const stopped = await api.send('POST', `/proc-meshes/${spawned.body.id}/stop`);
  expect(stopped).toMatchObject({ status: 200, body: { procMesh: { counts: { Running: 0 } } } });

  const page = await api.db.procs.list(spawned.body.id, { limit: 1000 });
  const sample = (page.ok ? page.value.items : []).filter(({ rank }) => rank % 25 === 0);
  let changes = 0;
  for (const proc of sample) {
    const history = await api.db.procs.history(proc.id, { limit: 1000 });
    const told = history.ok ? history.value.items.filter(({ source }) => source === 'host') : [];
    const recorded = told.map(({ generation }) => generation);
    const all = Array.from({ length: proc.generation }, (_, index) => proc.generation - index);
    expect(isDeepStrictEqual(recorded, all), `${proc.id}: ${recorded.join()}`).toBe(true);
    changes += recorded.length;
  }
  expect(changes / sample.length).toBeGreaterThan(ENOUGH_CHANGES);
}, 120_000);
