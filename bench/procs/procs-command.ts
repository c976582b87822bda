import { printAddress } from '@hostmesh/core';
import { forkCommands, startSimHostsProcess } from '@hostmesh/testkit';
import { startApi } from '../app/contestants.ts';
import { defineCommand, hundredths, progress, tenths } from '../bench-command.ts';
import type { BareCommands } from './bare.ts';
import type { ProcsEngineCommands } from './procs-engine.ts';
import { changeToClientMs, peakRssMbOf, recorded, spawnByApi } from './spawn-by-api.ts';
import { missingAfter, settled, storm, sum } from './storm.ts';
import { TIMEOUT_MS } from './terms.ts';

interface Size {
  readonly count: number;
  readonly perHost: number;
  readonly seconds: number;
  readonly rate: number;
}

/** Procs on many hosts: started, shaken by a storm of changes, and stopped; what the hosts say is the truth. */
export const procs = defineCommand({
  usage: `[--hosts 1000] [--per-host 8] [--seconds 30] [--rate 2000]
      spawn of simulated procs by the engine until all are ready, against bare WebSockets; then a storm
      of so many changes of state per second, of which each must reach the engine's callback, in order; then the same
      through the API, where each must be in the database; and how long a change takes to a client of its events`,
  defaults: { hosts: 1000, 'per-host': 8, seconds: 30, rate: 2000 },
  run: async ({ hosts: count, 'per-host': perHost, seconds, rate }, path) => {
    const size = { count, perHost, seconds, rate };
    const byEngine = await measureEngine(size);
    return { hosts: count, procs: count * perHost, ...byEngine, ...(await measureApi(size, path)) };
  },
});

async function measureEngine(size: Size): Promise<object> {
  const { count, perHost } = size;
  const floorMs = await measureFloor(size);
  await using hosts = await startSimHostsProcess({ count });
  await using engine = forkCommands<ProcsEngineCommands>(new URL('./procs-engine.ts', import.meta.url));
  await engine.call('attach', hosts.addresses.map(printAddress));
  const spawnMs = await engine.call('spawn', perHost);
  progress(`engine: all procs ready after ${tenths(spawnMs)} ms`);
  const before = await settled(hosts);
  const spawned = await engine.call('heard');

  const cpuBeforeMs = await engine.call('cpuMs');
  const began = performance.now();
  await storm(hosts, size);
  const truth = await settled(hosts);
  // Procs get ready again after the end of the storm: it takes longer than it was asked for.
  const seconds = (performance.now() - began) / 1000;
  const missing = await missingAfter(truth, () => engine.call('generations'));
  const heard = await engine.call('heard');
  const stormCpuMs = (await engine.call('cpuMs')) - cpuBeforeMs;
  const changes = sum(truth.values()) - sum(before.values());
  progress(`engine: ${changes} changes, ${heard.changes} heard, p99 after ${tenths(heard.latencyP99Ms)} ms`);
  const repairs = await engine.call('repairs');
  const stop = await engine.call('stop');
  progress(`engine: ${stop.stopped} procs stopped after ${tenths(stop.ms)} ms`);
  await engine.call('release');
  return {
    spawnFloorMs: tenths(floorMs),
    spawnMs: tenths(spawnMs),
    ratioSpawn: hundredths(spawnMs / floorMs),
    spawnLost: sum(before.values()) - spawned.changes,
    stormSeconds: tenths(seconds),
    stormChanges: changes,
    stormChangesPerSecond: tenths(changes / seconds),
    lost: heard.skipped + missing,
    outOfOrder: spawned.outOfOrder + heard.outOfOrder,
    repairs,
    latencyP50Ms: tenths(heard.latencyP50Ms),
    latencyP99Ms: tenths(heard.latencyP99Ms),
    latencyMaxMs: tenths(heard.latencyMaxMs),
    stormCpuMs: tenths(stormCpuMs),
    stopMs: tenths(stop.ms),
    stopped: stop.stopped,
    peakRssMb: tenths(await engine.call('peakRssMb')),
    hostsPeakRssMb: tenths(await hosts.peakRssMb()),
  };
}

async function measureApi(size: Size, path: string): Promise<object> {
  const { count, perHost } = size;
  await using hosts = await startSimHostsProcess({ count });
  await using api = await startApi(hosts.addresses.map(printAddress).join('\n'), TIMEOUT_MS, path);
  await api.attach();
  const { ms, procMeshId } = await spawnByApi(api, perHost);
  progress(`API: all procs ready after ${tenths(ms)} ms`);
  await settled(hosts);
  const quiet = await changeToClientMs(api, hosts, procMeshId);
  progress(`API: a change reaches a client after ${tenths(quiet.p50)} ms`);
  const before = await settled(hosts);
  await storm(hosts, size);
  const truth = await settled(hosts);
  const { rows, lost, outOfOrder } = await recorded(api, truth);
  progress(`API: ${sum(truth.values()) - sum(before.values())} changes, ${lost} not recorded`);
  return {
    apiSpawnMs: tenths(ms),
    apiRows: rows,
    apiLost: lost,
    apiOutOfOrder: outOfOrder,
    apiChangeToClientP50Ms: tenths(quiet.p50),
    apiChangeToClientP99Ms: tenths(quiet.p99),
    apiPeakRssMb: tenths(await peakRssMbOf(api.pid)),
  };
}

/** The same spawn by bare WebSockets that are open, on hosts of their own; milliseconds. */
async function measureFloor({ count, perHost }: Size): Promise<number> {
  await using hosts = await startSimHostsProcess({ count });
  await using bare = forkCommands<BareCommands>(new URL('./bare.ts', import.meta.url));
  await bare.call(
    'connect',
    hosts.addresses.map(({ port }) => port),
  );
  const ms = await bare.call('spawn', perHost);
  progress(`bare WebSockets: all procs ready after ${tenths(ms)} ms`);
  return ms;
}
