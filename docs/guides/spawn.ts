import { extentOf, instanceId } from '../../packages/core/src/index.ts';
import { snapshotOfAttrs } from '../../packages/core/src/config/snapshot.ts';
import { createEpochSource, HostMesh, HostMeshRef, planSpawn } from '../../packages/host-mesh/src/index.ts';
import { createTransport, readAgentKey } from '../../packages/protocol/src/index.ts';

const [, , hosts = '', keyFile = '.hostmesh/agent-key', program = 'sleep', ...args] = process.argv;
const key = await readAgentKey({ file: keyFile });
if (!key.ok) throw new Error(key.fault.message);
const ref = HostMeshRef.parse(hosts);
if (!ref.ok) throw new Error(ref.fault.message);
const mesh = await HostMesh.attachRef(ref.value, {
  transport: createTransport({ agentKey: key.value }),
  snapshot: snapshotOfAttrs({}),
  owner: { clientId: 'spawn-script', label: 'spawn.ts' },
  epoch: createEpochSource().next(),
});
if (!mesh.ok) throw new Error(mesh.fault.message);
const plan = planSpawn(mesh.value.ref, {
  id: instanceId('proc', 'demo', BigInt(Date.now())),
  name: 'demo',
  perHost: extentOf({ gpus: 2 }),
  command: { program, args, arg0: null, env: {}, cwd: null, runAs: null },
  readiness: { kind: 'alive', forMs: 250 },
  readyTimeoutMs: 10_000,
  restart: { policy: 'never', limit: 0, backoffMs: 1000, maxBackoffMs: 30_000, resetAfterMs: 60_000 },
  keep: false,
  ttlMs: 60_000,
  timeoutMs: 15_000,
});
if (!plan.ok) throw new Error(plan.fault.message);
const procs = await mesh.value.spawn(plan.value);
if (procs.ok) {
  for (const proc of procs.value.procs()) process.stdout.write(`${proc.rank}: ${proc.text}\n`);
  for (const { rank, message } of await procs.value.stop({ causeText: 'the script is over' }))
    process.stdout.write(`${rank}: ${message}\n`);
} else {
  process.stdout.write(`${procs.fault.message}\n`);
  process.exitCode = 1;
}
await mesh.value.stop();
