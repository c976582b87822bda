import { randomUUID } from 'node:crypto';
import type { Meshes } from '@hostmesh/db';
import type { Transport } from '@hostmesh/protocol';
import { askHost } from '../agents/ask-host.ts';
import { json, type Handlers } from '../http/route-types.ts';
import { notFound, refuse } from '../problem/route-fault.ts';

/** How long a host has to answer. */
const TIMEOUT_MS = 5000;

/** The config dump of a host of a live mesh, asked for now: what it says, not what we remember. */
export function hostConfigHandlers(meshes: Meshes, transport: Transport): Pick<Handlers, 'hostConfig'> {
  return {
    hostConfig: async ({ params }) => {
      const found = await meshes.findHost(params.id);
      if (found === undefined) return notFound(`host ${params.id} in a mesh that is attached`);
      const { address } = found.host;
      if (found.addresses.length > 1) {
        const all = found.addresses.join(', ');
        return refuse(
          'host_id_conflict',
          `${params.id} is in meshes at ${all}: which of them is meant is not known.`,
        );
      }
      const asked = await askHost(
        transport,
        address,
        { type: 'config_dump', id: randomUUID() },
        { timeoutMs: TIMEOUT_MS, hostId: params.id },
      );
      if (!asked.ok) return refuse(asked.fault.code, asked.fault.message);
      const { config, entries, unknownKeys } = asked.value;
      return json({
        hostId: params.id,
        address,
        digest: config.digest,
        epoch: config.epoch,
        owner: config.owner?.label ?? null,
        entries,
        unknownKeys,
      });
    },
  };
}
