import type { LookupFunction } from 'node:net';
import { assertNever, dialHalf, fail, type ChannelAddress, type Result } from '@hostmesh/core';
import type { AgentConnection } from '../connection/agent-connection.ts';
import { readSocketError } from '../channel/socket-error.ts';
import { connectFault } from './connect-fault.ts';
import { Dial, type DialOptions } from './dial.ts';
import { TlsClient } from './tls-client.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import type { LocalNetwork } from '../channel/local-network.ts';
import type { AgentKey } from '../proof/agent-key.ts';
import { needsKey } from '../proof/needs-key.ts';
import { howToBePrivate, whyNotPrivate } from '../proof/private-path.ts';
import { MAX_FRAME_BYTES } from '../message/common.ts';
import type { Connection, ConnectFault, ConnectOptions, Transport } from '../transport.ts';

export interface TransportOptions {
  /** Both sides prove to each other that they have it, and it stays where it is. Without it `tcp:` agents are not dialled. */
  readonly agentKey?: AgentKey | undefined;
  /** For `tls:` addresses, which are refused without. */
  readonly tls?: TlsCredentials;
  readonly maxFrameBytes?: number;
  /** For `local:` addresses, which are refused without. */
  readonly local?: LocalNetwork;
  /** Resolves host names; the system's resolver by default. */
  readonly lookup?: LookupFunction;
}

/**
 * Reaches agents over WebSocket (`tcp:`, `tls:`, `unix:`) or within this process (`local:`). Throws when the
 * certificates are not usable.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  return new AgentTransport(options);
}

const transportClosed = connectFault('connecting', 'ABORTED', 'the transport is closed');

type TransportState =
  | { readonly kind: 'open'; readonly dials: Set<Dial>; readonly connections: Set<AgentConnection> }
  | { readonly kind: 'closed' };

class AgentTransport implements Transport {
  readonly #dialOptions: DialOptions;
  readonly #local: LocalNetwork | undefined;
  #state: TransportState = { kind: 'open', dials: new Set(), connections: new Set() };

  constructor(options: TransportOptions) {
    this.#local = options.local;
    this.#dialOptions = {
      agentKey: options.agentKey,
      maxFrameBytes: options.maxFrameBytes ?? MAX_FRAME_BYTES,
      lookup: options.lookup,
      tls: options.tls === undefined ? undefined : new TlsClient(options.tls),
    };
  }

  async connect(
    address: ChannelAddress,
    options: ConnectOptions = {},
  ): Promise<Result<Connection, ConnectFault>> {
    const state = this.#state;
    if (state.kind === 'closed') return fail(transportClosed);
    if (options.signal?.aborted === true) return fail(connectFault('connecting', 'ABORTED', 'aborted'));
    const dial = new Dial(address, options);
    state.dials.add(dial);
    this.#start(dial, dialHalf(address), options);
    const outcome = await dial.outcome;
    state.dials.delete(dial);
    if (!outcome.ok) return outcome;
    const connection = outcome.value;
    if (this.#state !== state) {
      connection.close();
      return fail(transportClosed);
    }
    state.connections.add(connection);
    void connection.released.then(() => state.connections.delete(connection));
    return outcome;
  }

  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    const { dials, connections } = this.#state;
    this.#state = { kind: 'closed' };
    for (const dial of dials) dial.aborted();
    // One of them may have opened before it was aborted.
    const opened = (await Promise.all([...dials].map((dial) => dial.outcome))).flatMap((each) =>
      each.ok ? [each.value] : [],
    );
    const all = [...connections, ...opened];
    for (const connection of all) connection.close();
    await Promise.all(all.map((connection) => connection.released));
  }

  #start(dial: Dial, target: ReturnType<typeof dialHalf>, options: ConnectOptions): void {
    if (this.#dialOptions.agentKey === undefined && needsKey(target))
      return dial.refuse(
        'NO_AGENT_KEY',
        'no agent key is configured here: who listens there could not prove itself',
      );
    if (this.#dialOptions.agentKey === undefined && target.kind === 'unix') {
      const refused = whyNotDialled(target.path);
      if (refused !== null) return dial.refuse(refused.code, refused.message, refused.retryable);
    }
    switch (target.kind) {
      case 'tcp':
      case 'unix':
      case 'unix-abstract':
        return dial.open(target, this.#dialOptions);
      case 'tls':
        if (this.#dialOptions.tls !== undefined)
          return dial.open({ ...target, kind: 'tls' }, this.#dialOptions);
        return dial.refuse('UNSUPPORTED_ADDRESS', 'no certificates are configured for tls: addresses');
      case 'local':
        return this.#startLocal(dial, target.id, options);
      case 'metatls':
      case 'quic':
      case 'metaquic':
        return dial.refuse('UNSUPPORTED_ADDRESS', `${target.kind}: addresses are not supported`);
      default:
        return assertNever(target);
    }
  }

  #startLocal(dial: Dial, id: bigint, options: ConnectOptions): void {
    if (this.#local === undefined) {
      return dial.refuse('UNSUPPORTED_ADDRESS', 'local: addresses are not reachable from here');
    }
    const channel = this.#local.dial(id, this.#dialOptions.maxFrameBytes);
    if (channel === undefined) return dial.refuse('ECONNREFUSED', 'connection refused', true);
    options.onHandshaking?.();
    dial.awaitHello(channel, { kind: 'given' });
  }
}

/** Why who listens at a path is not trusted without a key, or is not there. */
function whyNotDialled(path: string): Pick<ConnectFault, 'code' | 'message' | 'retryable'> | null {
  try {
    const why = whyNotPrivate(path, 'socket');
    const message = `the agent is not trusted: ${why}; ${howToBePrivate}`;
    return why === null ? null : { code: 'NOT_PRIVATE', message, retryable: false };
  } catch (error) {
    return readSocketError(error);
  }
}
