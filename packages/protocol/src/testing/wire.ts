import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNever, type ChannelAddress } from '@hostmesh/core';
import type { FrameChannel } from '../channel/frame-channel.ts';
import { LocalNetwork } from '../channel/local-network.ts';
import { createTransport, type TransportOptions } from '../dial/create-transport.ts';
import type { AgentEvent } from '../message/event.ts';
import type { AgentHandler } from '../server/agent-handler.ts';
import { serveAgent, type AgentServer, type ServeOptions } from '../server/serve-agent.ts';
import { serveChannels } from '../server/serve-channels.ts';
import type { Connection, ConnectOptions, Transport } from '../transport.ts';
import { anAgentHandler } from './builders.ts';
import { testAgentKey } from './agent-keys.ts';
import { createTestCertificates, type TestCertificates } from './certificates.ts';

export const wireKinds = ['local', 'tcp', 'tls', 'unix', 'unix-abstract'] as const;
export type WireKind = (typeof wireKinds)[number];

/** Agents and clients that meet over one kind of address; ends all of them when disposed. */
export class Wire implements AsyncDisposable {
  readonly kind: WireKind;
  readonly #certificates: TestCertificates | null;
  readonly #local = new LocalNetwork();
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(kind: WireKind, certificates: TestCertificates | null) {
    this.kind = kind;
    this.#certificates = certificates;
  }

  static async create(kind: WireKind): Promise<Wire> {
    return new Wire(kind, kind === 'tls' ? await createTestCertificates() : null);
  }

  /** An address that nobody has; where the kind has ports, any free one. */
  freshAddress(): ChannelAddress {
    const name = `hostmesh-${randomUUID()}`;
    switch (this.kind) {
      case 'local':
        return { kind: 'local', id: 0n };
      case 'unix':
        return { kind: 'unix', path: join(tmpdir(), `${name}.sock`) };
      case 'unix-abstract':
        return { kind: 'unix-abstract', name };
      case 'tcp':
      case 'tls':
        return { kind: this.kind, host: '127.0.0.1', port: 0 };
      default:
        return assertNever(this.kind);
    }
  }

  /** A healthy agent, but for what `handler` says. */
  async serve(
    handler: Partial<AgentHandler> = {},
    more: Partial<ServeOptions> = {},
  ): Promise<AgentServer & { publish(event: AgentEvent): void }> {
    const listeners = new Set<(event: AgentEvent) => void>();
    const whole: AgentHandler = { ...anAgentHandler((listener) => listeners.add(listener)), ...handler };
    const server = await serveAgent({
      listen: this.freshAddress(),
      ...this.#serverSide,
      ...more,
      handler: whole,
    });
    if (!server.ok) throw new Error(server.fault.message);
    this.#ends.push(() => server.value.close());
    return { ...server.value, publish: (event) => listeners.forEach((listener) => listener(event)) };
  }

  /** Something that takes channels and then does as it likes. */
  async serveChannels(accept: (channel: FrameChannel) => void): Promise<ChannelAddress> {
    const channels = new Set<FrameChannel>();
    const server = await serveChannels({ listen: this.freshAddress(), ...this.#serverSide }, (channel) => {
      channels.add(channel);
      accept(channel);
    });
    if (!server.ok) throw new Error(server.fault.message);
    this.#ends.push(() => {
      for (const channel of channels) channel.terminate();
      return server.value.close(() => Promise.resolve());
    });
    return server.value.address;
  }

  transport(more: TransportOptions = {}): Transport {
    const tls = this.#certificates === null ? {} : { tls: this.#certificates.client };
    const transport = createTransport({ local: this.#local, agentKey: testAgentKey, ...tls, ...more });
    this.#ends.unshift(() => transport.close());
    return transport;
  }

  /** A connection; a test that expects a fault asks the transport itself. */
  async connect(
    address: ChannelAddress,
    options: ConnectOptions & TransportOptions = {},
  ): Promise<Connection> {
    const connected = await this.transport(options).connect(address, options);
    if (!connected.ok) throw new Error(`${connected.fault.code}: ${connected.fault.message}`);
    return connected.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
  }

  get #serverSide(): Partial<ServeOptions> {
    const key = this.kind === 'tls' ? {} : { agentKey: testAgentKey };
    const tls = this.#certificates === null ? {} : { tls: this.#certificates.agent };
    return { local: this.#local, ...key, ...tls };
  }
}
