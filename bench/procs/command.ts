import { printAddress } from '@hostmesh/core';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandProcess, forkCommands, type SimHostsProcess, startSimHostsProcess } from '@hostmesh/testkit';
import { defineCommand, hundredths, progress, tenths } from '../command.ts';
import { startFloor } from '../floor/start.ts';
import type { ProcsEngineCommands } from './engine.ts';
import { settled } from './settled.ts';
import { measureSpawnSizes } from './sizes.ts';

/** What is heard later is late; what is not heard then is lost. */
const CATCH_UP_MS = 10_000;

/** Procs on many hosts: started, shaken by a storm of changes, and stopped; what the hosts say is the truth. */
export const procs = defineCommand({
  usage: `[--hosts 1000] [--per-host 8] [--seconds 30] [--rate 2000]
      spawn of simulated procs by the engine until all are ready, against the same bytes over bare TCP; then a storm
      of so many changes of state per second: every change must reach the engine's callback, in order`,
  defaults: { hosts: 1000, 'per-host': 8, seconds: 30, rate: 2000 },
  run: async ({ hosts: count, 'per-host': perHost, seconds, rate }) => {
    await using hosts = await startSimHostsProcess({ count });
    const [first] = hosts.addresses;
    if (first === undefined) throw new Error('there are no hosts');
    const sizes = await measureSpawnSizes(first, perHost);
    const floorMs = await spawnFloorMs(count, sizes);
    progress(
      `floor: ${count} hosts, each exchanging ${sizes.pushBytes} + ${sizes.ackBytes} bytes, ${tenths(floorMs)} ms`,
    );

    await using engine = forkCommands<ProcsEngineCommands>(new URL('./engine.ts', import.meta.url));
    await engine.call('attach', hosts.addresses.map(printAddress));
    const spawnMs = await engine.call('spawn', perHost);
    progress(`spawn: ${count * perHost} procs ready after ${tenths(spawnMs)} ms`);
    const before = await settled(hosts);
    const spawned = await engine.call('heard');

    const cpuBeforeMs = await engine.call('cpuMs');
    await storm(hosts, { procs: count * perHost, seconds, rate });
    const truth = await settled(hosts);
    const missing = await missingAfter(engine, truth);
    const heard = await engine.call('heard');
    const cpuMs = (await engine.call('cpuMs')) - cpuBeforeMs;
    const changes = sum(truth.values()) - sum(before.values());
    progress(`storm: ${changes} changes, ${heard.changes} heard, p99 ${tenths(heard.latencyP99Ms)} ms`);
    const repairs = await engine.call('repairs');
    const stop = await engine.call('stop');
    await engine.call('release');
    return {
      hosts: count,
      procs: count * perHost,
      spawnMs: tenths(spawnMs),
      spawnFloorMs: tenths(floorMs),
      ratioSpawn: hundredths(spawnMs / floorMs),
      spawnChanges: spawned.changes,
      spawnLost: sum(before.values()) - spawned.changes,
      stormSeconds: seconds,
      stormChanges: changes,
      stormChangesPerSecond: tenths(changes / seconds),
      lost: heard.skipped + missing,
      outOfOrder: spawned.outOfOrder + heard.outOfOrder,
      repairs,
      latencyP50Ms: tenths(heard.latencyP50Ms),
      latencyP99Ms: tenths(heard.latencyP99Ms),
      latencyMaxMs: tenths(heard.latencyMaxMs),
      stormCpuMs: tenths(cpuMs),
      stopMs: tenths(stop.ms),
      stopped: stop.stopped,
      peakRssMb: tenths(await engine.call('peakRssMb')),
      hostsPeakRssMb: tenths(await hosts.peakRssMb()),
    };
  },
});

/** The bytes of the spawn over bare TCP connections that are open; the better of two. */
async function spawnFloorMs(count: number, sizes: Parameters<typeof startFloor>[1]): Promise<number> {
  await using floor = await startFloor(count, sizes);
  await floor.cold();
  const first = await floor.warm();
  await floor.cold();
  return Math.min(first, await floor.warm());
}

/** How many of the last changes the engine has not told of, given time to catch up. */
async function missingAfter(
  engine: CommandProcess<ProcsEngineCommands>,
  truth: ReadonlyMap<string, number>,
): Promise<number> {
  for (const endMs = Date.now() + CATCH_UP_MS; ; await delay(100)) {
    const told = await engine.call('generations');
    const missing = sum([...truth].map(([procId, generation]) => generation - (told[procId] ?? 0)));
    if (missing === 0 || Date.now() > endMs) return missing;
  }
}

/** Each proc changes as often as gives the rate for all of them together. */
export const storm = (
  hosts: SimHostsProcess,
  { procs: count, seconds, rate }: { procs: number; seconds: number; rate: number },
): Promise<void> => hosts.flapProcs(Math.round((count * 1000) / rate), seconds * 1000);

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0);
