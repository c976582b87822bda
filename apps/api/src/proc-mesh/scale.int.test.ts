import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { attachTo, spawnOn } from '../testing/procs.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi } from '../testing/test-api.ts';

const HOSTS = 250;
const SLOTS = 8;
const STORM_MS = 5000;
/** 2,000 procs that change twice a second: 4,000 changes a second in all. */
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
  const settled = async () => {
    const { body } = await api.send('GET', `/proc-meshes/${spawned.body.id}`);
    const page = await api.db.procs.list(spawned.body.id, { limit: 1000 });
    const stored = page.ok ? page.value.items : [];
    return (
      body.counts.Running === HOSTS * SLOTS &&
      stored.every(({ status, generation }) => status === 'Running' && generation > 4)
    );
  };
  await new Promise((resolve) => setTimeout(resolve, STORM_MS));
  await eventually(settled).toBe(true);

  const page = await api.db.procs.list(spawned.body.id, { limit: 1000 });
  const sample = (page.ok ? page.value.items : []).filter(({ rank }) => rank % 25 === 0);
  let changes = 0;
  for (const proc of sample) {
    const history = await api.db.procs.history(proc.id, { limit: 1000 });
    const told = history.ok ? history.value.items.filter(({ source }) => source === 'host') : [];
    const generations = told.map(({ generation }) => generation);
    const all = Array.from({ length: proc.generation }, (_, index) => proc.generation - index);
    expect(isDeepStrictEqual(generations, all), `${proc.id}: ${generations.join()}`).toBe(true);
    changes += generations.length;
  }
  expect(changes / sample.length).toBeGreaterThan(STORM_MS / FLAP_MS);
  const stopped = await api.send('POST', `/proc-meshes/${spawned.body.id}/stop`);
  expect(stopped).toMatchObject({ status: 200, body: { procMesh: { counts: { Running: 0 } } } });
}, 120_000);
