import { parseAddress } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import {
  createTransport,
  type AgentRequest,
  type Connection,
  type TransportOptions,
} from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';

export const alice = { clientId: 'alice', label: 'Alice' };

/** A connection that must succeed, closed with its transport when it is disposed of. */
export async function connect(
  text: string,
  options: TransportOptions = {},
): Promise<Connection & AsyncDisposable> {
  const transport = createTransport({ agentKey: testAgentKey, ...options });
  const address = parseAddress(text);
  if (!address.ok) throw new Error(address.fault.message);
  const connected = await transport.connect(address.value, { signal: AbortSignal.timeout(30_000) });
  if (!connected.ok) throw new Error(`${connected.fault.code}: ${connected.fault.message}`);
  return Object.assign(connected.value, { [Symbol.asyncDispose]: () => transport.close() });
}

/** Asks, and gives the result or the agent's refusal. */
export async function ask(connection: Connection, request: AgentRequest) {
  const outcome = await connection.request(request, AbortSignal.timeout(30_000));
  if (outcome.ok) return outcome.value;
  if (outcome.fault.kind === 'refused') return { kind: 'refused' as const, ...outcome.fault.fault };
  throw new Error(`${outcome.fault.kind}: ${outcome.fault.message}`);
}

export const pushOf = (epoch: number, attrs: Record<string, string>, owner = alice): AgentRequest => ({
  type: 'set_client_config',
  id: `push-${String(epoch)}`,
  epoch,
  owner,
  attrs,
  digest: digestOf(attrs),
});
