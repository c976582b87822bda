import type { Random } from '@hostmesh/soak/random';

/** Values that get past the first checks: what a schema alone makes is refused at the door. */
type Sensible = Readonly<Record<string, readonly unknown[]>>;

const common: Sensible = {
  mesh: ['train', 'serve'],
  name: ['w', 'x', 'workers'],
  timeout: ['1s', '3s', '500ms', '0s', '1h'],
  waitForHosts: ['0s', '1s'],
  step: ['100ms', '1s'],
  program: ['true', 'false', 'echo', 'sleep', '/bin/true', 'sh', 'no-such-program'],
  args: [[], ['1'], ['5']],
  arg0: ['me'],
  cwd: ['/tmp', '/nowhere'],
  env: [{}, { A: 'b' }],
  perHost: [{}, { gpus: 2 }],
  extent: [{ hosts: 2 }, { racks: 1, hosts: 2 }],
  config: [{}, { PROC_STOP_MAX_IDLE: '45s' }],
  readiness: [{ kind: 'alive' }],
  restart: [{ policy: 'never' }, { policy: 'on_failure', limit: 2 }],
  ranks: ['0', '0..1'],
  stepMs: [100],
  timeoutMs: [0, 100],
  waitMs: [0, 100],
  ttlMs: [0, 1000, null],
  procMeshId: ['pm_1', 'pm_2'],
  hostMeshId: ['mesh_1'],
  procId: ['proc-1', 'proc-2'],
  configDigest: [null],
};

/** For a run against agents at these addresses. */
export const sensibleFor = (addresses: readonly string[]): Sensible => ({
  ...common,
  hosts: [addresses, addresses.join(','), addresses.slice(0, 1), [...addresses, 'tcp:127.0.0.1:1']],
});

/** A copy of a generated value in which most fields of a known name are as they usually are. */
export function makeSensible(value: unknown, sensible: Sensible, random: Random): unknown {
  if (Array.isArray(value)) return value.map((each) => makeSensible(each, sensible, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => {
      const usual = random.chance(85) ? random.pick(sensible[name] ?? []) : undefined;
      return [name, usual === undefined ? makeSensible(each, sensible, random) : usual];
    }),
  );
}
