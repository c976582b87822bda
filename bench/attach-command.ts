import { printAddress } from '@hostmesh/core';
import { startSimHostsProcess } from '@hostmesh/testkit';
import { startApi, startEngine } from './app/contestants.ts';
import { defineCommand, hundredths, progress, tenths } from './bench-command.ts';
import { drained, measureSizes, startFloor } from './floor/start-floor.ts';
import { interleavedMedians } from './measure/statistics.ts';

/** Long enough never to matter here. */
const TIMEOUT_MS = 60_000;

/** An attach, next to what it cannot be faster than and to what persistence adds to it. */
export const attach = defineCommand({
  usage: `[--hosts 1000] [--runs 7]
      attach of simulated hosts by the engine (cold; then pushed again over the open connections: warm) and through
      the API with its database, against the same exchange over bare TCP; medians of interleaved runs, after one
      that is not counted; peakRssMb is that of an engine process after one attach and one push`,
  defaults: { hosts: 1000, runs: 7 },
  run: async ({ hosts: count, runs }, path) => {
    await using hosts = await startSimHostsProcess({ count });
    const [first] = hosts.addresses;
    if (first === undefined) throw new Error('there are no hosts');
    const sizes = await measureSizes(first);
    await using floor = await startFloor(count, sizes);
    await using engine = await startEngine(hosts.addresses);
    await using api = await startApi(hosts.addresses.map(printAddress).join('\n'), TIMEOUT_MS, path);
    progress(
      `${count} hosts, each exchanging ${sizes.helloBytes} + ${sizes.pushBytes} + ${sizes.ackBytes} bytes`,
    );

    const engineMs = async (command: 'attach' | 'push'): Promise<number> => {
      const { ms, installed } = await engine.call(command, TIMEOUT_MS);
      if (installed !== count) throw new Error(`only ${installed} of ${count} hosts have installed`);
      return ms;
    };
    const quiet = (): Promise<void> => drained(() => hosts.connections());
    let firstPeakMb: number | undefined;
    const contestants = {
      floorColdMs: () => floor.cold(),
      floorWarmMs: () => floor.warm(),
      engineColdMs: () => engineMs('attach'),
      engineWarmMs: async () => {
        const ms = await engineMs('push');
        firstPeakMb ??= await engine.call('peakRssMb');
        await engine.call('release');
        await quiet();
        return ms;
      },
      apiMs: async () => {
        const ms = await api.attach();
        await api.release();
        await quiet();
        return ms;
      },
    };
    const medians = await interleavedMedians(runs, contestants, (round, measured) => {
      const figures = Object.entries(measured).map(([name, ms]) => `${name} ${tenths(ms)}`);
      progress(`run ${round}${round === 0 ? ' (not counted)' : ''}: ${figures.join(', ')}`);
    });
    const { floorColdMs, floorWarmMs, engineColdMs, engineWarmMs, apiMs } = medians;
    return {
      hosts: count,
      floorColdMs: tenths(floorColdMs),
      floorWarmMs: tenths(floorWarmMs),
      engineColdMs: tenths(engineColdMs),
      engineWarmMs: tenths(engineWarmMs),
      apiMs: tenths(apiMs),
      ratioCold: hundredths(engineColdMs / floorColdMs),
      ratioWarm: hundredths(engineWarmMs / floorWarmMs),
      ratioApi: hundredths(apiMs / engineColdMs),
      peakRssMb: tenths(firstPeakMb ?? NaN),
      peakRssAllRunsMb: tenths(await engine.call('peakRssMb')),
    };
  },
});
