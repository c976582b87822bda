import {
  orderOf,
  PROTOCOL_VERSION,
  type AgentChange,
  type AgentEvent,
  type AgentFault,
  type AgentRequest,
  type AnswerResult,
  type Hello,
  type InstalledConfig,
  type PlaceInOrder,
} from '@hostmesh/protocol';
import { FakeProcs } from './fake-procs.ts';

const beginning = { agentMs: 0, hostMs: 0 };
const nothing: InstalledConfig = { digest: null, epoch: 0, owner: null, withoutEffect: [] };

/** How a fake host treats dials and pushes; other requests are always answered truthfully. */
export interface FakeBehaviour {
  /** `hang`: never answers; `hang_up`: right after its hello; otherwise the code that the dial fails with. */
  readonly dial?: 'hang' | 'hang_up' | { readonly code: string; readonly retryable: boolean };
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
  /** Neither answers nor tells of events, as if it was stopped by a signal. */
  readonly frozen?: boolean;
}

/** An agent: its config half by the rules of design section 7.3, its procs as `FakeProcs` says. */
export class FakeAgent {
  hostId: string;
  behaviour: FakeBehaviour = {};
  config: InstalledConfig = nothing;
  incarnation = 1;
  lifecycle: Hello['lifecycle'] = 'detached';
  readonly requests: AgentRequest[] = [];
  readonly procs: FakeProcs;
  /** Connections that asked for events. */
  readonly streams = new Set<(event: AgentEvent) => void>();
  /** Events of this incarnation that it still has, and how many there were. */
  #events: AgentEvent[] = [];
  seq = 0;
  #previous: InstalledConfig = nothing;
  #seen = 0;
  /** Epoch of the push that is installed. */
  #installed = 0;

  constructor(hostId: string, now: () => number = () => 0) {
    this.hostId = hostId;
    this.procs = new FakeProcs(now, (change) => this.tell(change));
  }

  /** Something changed. */
  tell(change: AgentChange): void {
    this.seq += 1;
    const event: AgentEvent = { type: 'event', seq: this.seq, at: 0, change };
    this.#events.push(event);
    if (this.behaviour.frozen !== true) for (const stream of this.streams) stream(event);
  }

  /** It no longer has events that it has told. */
  forgetEvents(): void {
    this.#events = [];
  }

  /** The events after `seq`. */
  eventsAfter(seq: number): readonly AgentEvent[] {
    return this.#events.filter((event) => event.seq > seq);
  }

  restart(): void {
    this.incarnation += 1;
    this.seq = 0;
    this.#events = [];
    this.streams.clear();
    this.config = nothing;
    this.#previous = nothing;
    this.#seen = 0;
    this.#installed = 0;
  }

  hello(): Hello {
    return {
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      agentVersion: '1.2.3',
      hostId: this.hostId,
      former: null,
      incarnation: `${this.hostId}-${this.incarnation}`,
      lifecycle: this.lifecycle,
      config: this.config,
      hostname: this.hostId,
      platform: 'linux-x64',
      cpus: 2,
      memoryBytes: 1024,
      containment: { kind: 'cgroup', detail: '/sys/fs/cgroup' },
      runAs: { users: ['hostmesh'], sharesAgent: false },
      lastSeq: this.seq,
      time: beginning,
    };
  }

  /** The answer, or null for none. */
  answer(request: AgentRequest): AnswerResult | AgentFault | null {
    this.requests.push(request);
    const { mute, muteTo, frozen } = this.behaviour;
    if (mute === true || frozen === true || muteTo === request.type) return null;
    switch (request.type) {
      case 'set_client_config':
        return this.#push(request);
      case 'restore_client_config':
        return this.#restore(request);
      case 'config_dump':
        return { kind: 'config_dumped', config: this.config, entries: [], unknownKeys: [] };
      case 'keepalive':
        return {
          kind: 'alive',
          time: beginning,
          lifecycle: this.lifecycle,
          config: this.config,
          unknownProcMeshes: this.procs.vouch(request.procMeshes),
        };
      case 'stream_state':
        return this.#stream(request);
      case 'drain_host':
        return { kind: 'drained', procs: this.procs.drain(request.hostMeshId ?? null) };
      case 'shutdown_host':
        this.lifecycle = 'shutdown';
        return { kind: 'shutting_down' };
      case 'spawn_procs':
        return this.#lacks(request.configDigest) ?? this.procs.spawn(request);
      case 'stop_procs':
        return this.procs.stop(request);
      case 'get_host_proc_states':
        return this.procs.states(request.procMeshId, this.seq);
      case 'forget_procs':
        return this.procs.forget(request);
      case 'check_spawn':
        return this.procs.check(request);
      case 'get_usage':
        return this.procs.usage(request);
      case 'read_logs':
        return this.procs.logs(request);
      default:
        return { code: 'unknown_request', message: `no request ${request.type}` };
    }
  }

  #lacks(digest: string | null): AgentFault | null {
    if (digest === null || this.config.digest === digest) return null;
    return { code: 'config_missing', message: `needs ${digest}, holds ${this.config.digest}` };
  }

  #stream({ after, withPast }: Extract<AgentRequest, { type: 'stream_state' }>): AnswerResult {
    const { lifecycle, config, seq } = this;
    const has = this.#events.length === 0 ? seq : (this.#events[0]?.seq ?? 0) - 1;
    const resumed = after !== null && after.incarnation === this.hello().incarnation && after.seq >= has;
    const state = { kind: 'streaming' as const, seq, lifecycle, config };
    if (resumed) return { ...state, resumed };
    return {
      ...state,
      resumed,
      procs: [...this.procs.all],
      ...(withPast === true && { past: [...this.procs.past] }),
    };
  }

  #push(request: Extract<AgentRequest, { type: 'set_client_config' }>): AnswerResult | AgentFault | null {
    const { push } = this.behaviour;
    if (typeof push === 'object') return push.refuse;
    const order = orderOf(request);
    if (order <= this.#seen)
      return { code: 'stale_epoch', message: 'older than what was seen', epoch: this.#seen };
    if (push === 'hang' || push === 'close') return null;
    const digest = push === 'wrong_digest' ? `sha256:${'0'.repeat(64)}` : request.digest;
    const { owner } = this.config;
    this.#seen = order;
    this.#installed = request.epoch;
    this.#previous = this.config;
    this.config = { digest, epoch: order, owner: request.owner, withoutEffect: [] };
    if (push === 'install_and_die') this.behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    if (push?.startsWith('install_and_') === true) return null;
    return {
      kind: 'client_config_set',
      digest,
      epoch: order,
      shadowed: [],
      unknownKeys: [],
      tookOverFrom: owner?.clientId === request.owner.clientId ? null : owner,
    };
  }

  #restore(request: PlaceInOrder): AnswerResult {
    const installed = this.#installed === request.epoch;
    if (installed) this.config = this.#previous;
    this.#seen = Math.max(this.#seen, orderOf(request));
    return {
      kind: 'client_config_restored',
      outcome: installed ? 'restored' : 'not_needed',
      config: this.config,
    };
  }
}
