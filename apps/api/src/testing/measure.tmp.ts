import { emptyLayers, printAddress, parseHostMeshId } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { applyMigrations, openDatabase, startPostgres } from '@hostmesh/db';
import { createTransport } from '@hostmesh/protocol';
import { HostMesh, createEpochSource } from '@hostmesh/host-mesh';
import { startSimHostsProcess } from '@hostmesh/testkit';
import { pino } from 'pino';
import { buildApi } from '../api/build-api.ts';
import { hashOfSecret } from '../auth/secret-text.ts';
import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';

const N = Number(process.argv[2] ?? 1000);
const profile = process.argv[3] === 'profile';
const pg: any = await startPostgres({ dataDir: '/tmp/apitest/pg' });
const url = pg.value.url;
console.log(await applyMigrations(url));
const db: any = ((await openDatabase(url)) as any).value;
await db.tokens.create({ id: 'tok_1', name: 'tester', hash: hashOfSecret('hm_test'), createdAt: new Date() });
const sim = await startSimHostsProcess({ count: N });
const transport = createTransport();
const client = { clientId: 'api_m', label: 'm' };
const api = buildApi({
  db,
  transport,
  layers: emptyLayers,
  client,
  allow: { hosts: [], localPorts: [] },
  maxHosts: 20000,
  concurrency: 1024,
  log: pino(
    { level: 'info' },
    {
      write: (l: string) => {
        if (l.includes('"attempt"')) process.stdout.write(l);
      },
    },
  ),
  version: '0',
});
const base = await api.app.listen({ port: 0, host: '127.0.0.1' });
await api.start();
const hosts = sim.addresses.map(printAddress);
const epochs = createEpochSource();
const snapshot = makeSnapshot(emptyLayers);
async function engine() {
  const t = createTransport();
  const id: any = parseHostMeshId('train');
  const c0 = process.cpuUsage();
  const s = performance.now();
  const r: any = await HostMesh.attach(id.value, sim.addresses, {
    transport: t,
    snapshot,
    owner: client,
    epoch: epochs.next(),
    timeoutMs: 60000,
  });
  const ms = performance.now() - s;
  const c = process.cpuUsage(c0);
  cpuE.push((c.user + c.system) / 1000);
  if (!r.ok) throw new Error(r.fault.message.slice(0, 500));
  r.value.close();
  await t.close();
  return ms;
}
async function viaApi() {
  const c0 = process.cpuUsage();
  const s = performance.now();
  const r = await fetch(base + '/api/v1/attach-attempts', {
    method: 'POST',
    headers: { authorization: 'Bearer hm_test', 'content-type': 'application/json' },
    body: JSON.stringify({ mesh: 'train', hosts }),
  });
  const b: any = await r.json();
  const ms = performance.now() - s;
  const c = process.cpuUsage(c0);
  cpuA.push((c.user + c.system) / 1000);
  if (r.status !== 201) throw new Error(JSON.stringify(b).slice(0, 500));
  return { ms, id: b.meshId };
}
async function stop(id: string) {
  await fetch(base + `/api/v1/meshes/${id}/stop`, {
    method: 'POST',
    headers: { authorization: 'Bearer hm_test' },
  });
}
const cpuE: number[] = [],
  cpuA: number[] = [];
const e: number[] = [],
  a: number[] = [];
const rounds = Number(process.argv[4] ?? 7);
for (let i = 0; i < rounds; i++) {
  const em = await engine();
  await new Promise((r) => setTimeout(r, 700));
  let session: Session | undefined;
  if (profile && i === rounds - 1) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
  }
  const am = await viaApi();
  if (session) {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync('/tmp/apitest/prof.cpuprofile', JSON.stringify(profile));
  }
  await stop(am.id);
  await new Promise((r) => setTimeout(r, 700));
  console.log(em.toFixed(0), am.ms.toFixed(0));
  if (i > 0) {
    e.push(em);
    a.push(am.ms);
  }
}
const med = (x: number[]) => x.toSorted((p, q) => p - q)[Math.floor(x.length / 2)]!;
console.log(
  'median engine',
  med(e).toFixed(0),
  'api',
  med(a).toFixed(0),
  'ratio',
  (med(a) / med(e)).toFixed(2),
  'cpu',
  med(cpuE).toFixed(0),
  med(cpuA).toFixed(0),
  'rss',
  Math.round(process.memoryUsage().rss / 1e6),
);
await api.stop(0);
await transport.close();
await db.close();
await sim.close();
await pg.value.stop();
process.exit(0);
