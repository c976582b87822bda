import type { AgentFault, AgentRequest, AnswerResult, Hello, InstalledConfig } from '@hostmesh/protocol';

const nothing: InstalledConfig = { digest: null, epoch: 0, owner: null };

/** How a fake host treats dials and pushes; other requests are always answered truthfully. */
export interface FakeBehaviour {
  /** `hang`: never answers; otherwise the code that the dial fails with. */
  readonly dial?: 'hang' | { readonly code: string; readonly retryable: boolean };
  readonly push?:
    | 'hang' // nothing installed, nothing said
    | 'install_and_hang'
    | 'close' // before installing
    | 'install_and_close'
    | 'install_and_die' // nobody listens there afterwards
    | 'wrong_digest'
    | { readonly refuse: AgentFault };
  /** Delays the answer to a push, which takes effect at once. */
  readonly pushDelayMs?: number;
  /** Answers no request at all. */
  readonly mute?: boolean;
  /** Answers no request of this type. */
  readonly muteTo?: AgentRequest['type'];
}

/** The config half of an agent, by the rules of design section 7.3. */
export class FakeAgent {
  readonly hostId: string;
  behaviour: FakeBehaviour = {};
  config: InstalledConfig = nothing;
  incarnation = 1;
  lifecycle: Hello['lifecycle'] = 'detached';
  readonly requests: AgentRequest[] = [];
  #previous: InstalledConfig = nothing;
  #seen = 0;

  constructor(hostId: string) {
    this.hostId = hostId;
  }

  restart(): void {
    this.incarnation += 1;
    this.config = nothing;
    this.#previous = nothing;
    this.#seen = 0;
  }

  hello(): Hello {
    return {
      type: 'hello',
      protocolVersion: 1,
      agentVersion: '1.2.3',
      hostId: this.hostId,
      incarnation: `${this.hostId}-${this.incarnation}`,
      lifecycle: this.lifecycle,
      config: this.config,
      hostname: this.hostId,
      platform: 'linux-x64',
      cpus: 2,
      memoryBytes: 1024,
      lastSeq: 0,
    };
  }

  /** The answer, or null for none. */
  answer(request: AgentRequest): AnswerResult | AgentFault | null {
    this.requests.push(request);
    const { mute, muteTo } = this.behaviour;
    if (mute === true || muteTo === request.type) return null;
    switch (request.type) {
      case 'set_client_config':
        return this.#push(request);
      case 'restore_client_config':
        return this.#restore(request.epoch);
      case 'config_dump':
        return { kind: 'config_dumped', config: this.config, entries: [], unknownKeys: [] };
      case 'keepalive':
        return { kind: 'alive', lifecycle: this.lifecycle, config: this.config };
      case 'stream_state':
        return { kind: 'streaming', resumed: false, seq: 0, lifecycle: this.lifecycle, config: this.config };
      case 'drain_host':
        return { kind: 'drained' };
      case 'shutdown_host':
        this.lifecycle = 'shutdown';
        return { kind: 'shutting_down' };
      default:
        return { code: 'unknown_request', message: `no request ${request.type}` };
    }
  }

  #push(request: Extract<AgentRequest, { type: 'set_client_config' }>): AnswerResult | AgentFault | null {
    const { push } = this.behaviour;
    if (typeof push === 'object') return push.refuse;
    if (request.epoch <= this.#seen)
      return { code: 'stale_epoch', message: 'older than what was seen', epoch: this.#seen };
    if (push === 'hang' || push === 'close') return null;
    const digest = push === 'wrong_digest' ? `sha256:${'0'.repeat(64)}` : request.digest;
    const { owner } = this.config;
    this.#seen = request.epoch;
    this.#previous = this.config;
    this.config = { digest, epoch: request.epoch, owner: request.owner };
    if (push === 'install_and_die') this.behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    if (push?.startsWith('install_and_') === true) return null;
    return {
      kind: 'client_config_set',
      digest,
      epoch: request.epoch,
      shadowed: [],
      unknownKeys: [],
      tookOverFrom: owner?.clientId === request.owner.clientId ? null : owner,
    };
  }

  #restore(epoch: number): AnswerResult {
    const installed = this.config.epoch === epoch;
    if (installed) this.config = this.#previous;
    this.#seen = Math.max(this.#seen, epoch);
    return {
      kind: 'client_config_restored',
      outcome: installed ? 'restored' : 'not_needed',
      config: this.config,
    };
  }
}
