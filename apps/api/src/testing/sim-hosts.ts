import { startSimHosts, type SimHosts, type SimHostsSpec } from '@hostmesh/testkit';
import { atEnd } from './per-file.ts';

/** Simulated hosts of this test alone. */
export async function hostsOf(spec: SimHostsSpec): Promise<SimHosts> {
  const sim = await startSimHosts(spec);
  atEnd(() => sim.close());
  return sim;
}
