import { snapshotOfAttrs } from '../../packages/core/src/config/snapshot.ts';
import { createEpochSource, HostMesh, HostMeshRef } from '../../packages/host-mesh/src/index.ts';
import { createTransport } from '../../packages/protocol/src/index.ts';

const ref = HostMeshRef.parse(process.argv[2] ?? '');
if (!ref.ok) throw new Error(ref.fault.message);
const transport = createTransport({ agentKey: process.argv[3] ?? 'none' });
const snapshot = snapshotOfAttrs({ PROC_SPAWN_MAX_IDLE: '45s' });
const owner = { clientId: 'attach-script', label: 'attach.ts' };
const epoch = createEpochSource().next();
const mesh = await HostMesh.attachRef(ref.value, { transport, snapshot, owner, epoch });
process.stdout.write(mesh.ok ? `attached ${mesh.value.ref.toString()}\n` : `${mesh.fault.message}\n`);
if (mesh.ok) await mesh.value.stop();
else process.exitCode = 1;
