import { snapshotOfAttrs } from '../../packages/core/src/config/snapshot.ts';
import { createEpochSource, HostMesh, HostMeshRef } from '../../packages/host-mesh/src/index.ts';
import { createTransport, readAgentKey } from '../../packages/protocol/src/index.ts';

const ref = HostMeshRef.parse(process.argv[2] ?? '');
if (!ref.ok) throw new Error(ref.fault.message);
const key = await readAgentKey({ file: process.argv[3] ?? '.hostmesh/agent-key' });
if (!key.ok) throw new Error(key.fault.message);
const transport = createTransport({ agentKey: key.value });
const snapshot = snapshotOfAttrs({ PROC_SPAWN_MAX_IDLE: '45s' });
const owner = { clientId: 'attach-script', label: 'attach.ts' };
const epoch = createEpochSource().next();
const mesh = await HostMesh.attachRef(ref.value, { transport, snapshot, owner, epoch });
process.stdout.write(mesh.ok ? `attached ${mesh.value.ref.toString()}\n` : `${mesh.fault.message}\n`);
if (mesh.ok) await mesh.value.stop();
else process.exitCode = 1;
