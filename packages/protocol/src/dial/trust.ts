import { fail, ok, type Result } from '@hostmesh/core';
import type { AgentKey } from '../proof/agent-key.ts';
import { needsKey } from '../proof/needs-key.ts';
import { clientSide, isNonce, type ClientSide } from '../proof/proof.ts';
import type { ConnectFault } from '../transport.ts';
import { connectFault } from './connect-fault.ts';
import type { SocketAddress } from './socket-address.ts';
import type { AgentSaid } from './upgrade.ts';

/** Why we go on with who answers: it hears nothing from us before. */
export type Trust =
  /** It has proved that it has the key; its hello is sealed. */
  | { readonly kind: 'proved'; readonly side: ClientSide }
  /** By its certificate, by the rights of its socket's directory, or since it is in this process. */
  | { readonly kind: 'given' }
  /** Not at all: an agent of an older version, whose hello is read for its version alone. */
  | { readonly kind: 'none' };

/** How a peer that accepts our upgrade has to prove itself, and whether it has. */
export function judgeAgent(
  said: AgentSaid,
  { target, key, nonce }: { target: SocketAddress; key: AgentKey | undefined; nonce: string },
): Result<Trust, ConnectFault> {
  if (!said.version) return ok({ kind: 'none' });
  if (said.nonce !== undefined || said.proof !== undefined) {
    if (key === undefined) return unauthorized('it asks for the agent key, and none is configured here');
    const side = isNonce(said.nonce)
      ? clientSide(key, { client: nonce, agent: said.nonce }, said.proof ?? '')
      : undefined;
    return side === undefined
      ? unauthorized('it does not prove that it has our agent key: it may have another one')
      : ok({ kind: 'proved', side });
  }
  if (target.kind !== 'tls' && (key !== undefined || needsKey(target)))
    return unauthorized('it does not prove that it has the agent key: it may have none');
  return ok({ kind: 'given' });
}

const unauthorized = (why: string): Result<never, ConnectFault> =>
  fail(connectFault('handshaking', 'UNAUTHORIZED', `the agent is not trusted: ${why}`));
