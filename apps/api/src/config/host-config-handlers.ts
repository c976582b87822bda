import { randomUUID } from 'node:crypto';
import { parseAddress } from '@hostmesh/core';
import type { Meshes } from '@hostmesh/db';
import type { Transport } from '@hostmesh/protocol';
import { json, type Handlers } from '../http/route-types.ts';
import { notFound, refuse } from '../problem/api-fault.ts';

/** How long a host has to answer. */
const TIMEOUT_MS = 5000;

/** The config dump of a host of a live mesh, asked for now: what it says, not what we remember. */
export function hostConfigHandlers(meshes: Meshes, transport: Transport): Pick<Handlers, 'hostConfig'> {
  return {
    hostConfig: async ({ params }) => {
      const found = await meshes.findHost(params.id);
      if (found === undefined) return notFound(`host ${params.id} in a mesh that is attached`);
      const { address } = found.host;
      const parsed = parseAddress(address);
      if (!parsed.ok) throw new Error(`stored address ${address}: ${parsed.fault.message}`);
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const timedOut = () =>
        refuse('host_timed_out', `${address} did not answer within ${TIMEOUT_MS / 1000} s.`);

      const connected = await transport.connect(parsed.value, { signal });
      if (!connected.ok) {
        if (signal.aborted) return timedOut();
        return refuse(
          'host_unreachable',
          `${address}: ${connected.fault.message} (${connected.fault.code}).`,
        );
      }
      const connection = connected.value;
      try {
        const { hostId } = connection.hello;
        if (hostId !== params.id) {
          return refuse('host_unreachable', `At ${address}, ${hostId} answers in place of ${params.id}.`);
        }
        const asked = await connection.request({ type: 'config_dump', id: randomUUID() }, signal);
        if (!asked.ok) {
          return signal.aborted
            ? timedOut()
            : refuse('host_unreachable', `${address}: ${asked.fault.message}.`);
        }
        const answer = asked.value;
        if (answer.kind !== 'config_dumped') {
          return refuse('host_unreachable', `${address} answered with ${answer.kind} instead of its config.`);
        }
        const { config, entries, unknownKeys } = answer;
        const owner = config.owner?.label ?? null;
        return json({
          hostId,
          address,
          digest: config.digest,
          epoch: config.epoch,
          owner,
          entries,
          unknownKeys,
        });
      } finally {
        connection.close();
      }
    },
  };
}
