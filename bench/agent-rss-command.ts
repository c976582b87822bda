import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TEST_AGENT_KEY } from '@hostmesh/protocol/testing-key';
import { startApp } from './app/start-app.ts';
import { defineCommand, progress, tenths } from './bench-command.ts';
import { median } from './measure/statistics.ts';

const SAMPLE_EVERY_MS = 500;

/** What a host agent costs a host that has nothing to do. */
export const agentRss = defineCommand({
  usage: `[--samples 20]
      resident memory of an idle agent, two samples per second`,
  defaults: { samples: 20 },
  run: async ({ samples }, path) => {
    await using agent = await startApp({
      main: 'apps/agent/src/main.ts',
      args: (dataDir) => ['--listen', 'tcp:127.0.0.1:0', '--data-dir', dataDir],
      env: () => ({ PATH: path, HOSTMESH_AGENT_KEY: TEST_AGENT_KEY }),
      readyText: '"listening"',
    });
    const rssMb: number[] = [];
    for (let sample = 1; sample <= samples; sample += 1) {
      await delay(SAMPLE_EVERY_MS);
      rssMb.push(await residentMb(agent.pid));
      progress(`sample ${sample}: ${tenths(rssMb.at(-1) ?? NaN)} MB`);
    }
    return { samples, rssMb: tenths(median(rssMb)), rssMbMax: tenths(Math.max(...rssMb)) };
  },
});

async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
