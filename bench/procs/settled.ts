import { setTimeout as delay } from 'node:timers/promises';
import type { SimHostsProcess } from '@hostmesh/testkit';

const POLL_EVERY_MS = 500;

/** Waits until every proc is ready and stays so; resolves with the last generation of each, by its id. */
export async function settled(hosts: SimHostsProcess): Promise<Map<string, number>> {
  for (let before = -1; ; await delay(POLL_EVERY_MS)) {
    const procs = (await hosts.truth()).flatMap((host) => host.procs);
    const changes = procs.reduce((sum, { generation }) => sum + generation, 0);
    const isReady = procs.every(({ status }) => status.kind === 'Ready');
    if (isReady && changes === before) {
      return new Map(procs.map(({ procId, generation }) => [procId, generation]));
    }
    before = changes;
  }
}
