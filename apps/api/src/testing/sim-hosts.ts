import { startSimHosts, type SimHosts, type SimHostsSpec } from '@hostmesh/testkit';
import { onTestFinished } from 'vitest';

/** Simulated hosts of this test alone. */
export async function hostsOf(spec: SimHostsSpec): Promise<SimHosts> {
  const sim = await startSimHosts(spec);
  onTestFinished(() => sim.close());
  return sim;
}
