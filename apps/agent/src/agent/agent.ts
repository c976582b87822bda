import {
  configValue,
  MESH_BOOTSTRAP_ENABLE_PDEATHSIG,
  PROCESS_EXIT_TIMEOUT,
  withLayer,
  type ConfigAttrs,
  type ConfigLayers,
} from '@hostmesh/core';
import type {
  AgentEvent,
  AgentHandler,
  AgentReply,
  AgentRequest,
  ClientConnection,
  Hello,
  HostTime,
  Lifecycle,
  StreamReply,
} from '@hostmesh/protocol';
import type { AgentClock } from '../clock/agent-clock.ts';
import { installedConfig, installedLayer, type ClientConfig } from '../config/client-config.ts';
import type { ClientConfigStore } from '../config/client-config-store.ts';
import { configForProc } from '../config/config-for-proc.ts';
import { fitFrame, fitPast } from '../host-procs/fit-frame.ts';
import { HostProcs, type ProcSystem } from '../host-procs/host-procs.ts';
import type { OwnIdentity } from '../host/identity.ts';
import type { AgentMetrics } from '../monitoring/metrics.ts';
import type { AgentProc } from '../proc/agent-proc.ts';
import { reportOf } from '../proc/proc-report.ts';
import { fieldsOfProc, fieldsOfRequest } from './log-fields.ts';
import { endWork, type EndWork } from './end-work.ts';
import { recordChanges } from './event-log.ts';
import { answerProcRequest, type ProcRequestDeps } from './proc-requests.ts';
import {
  helloOf,
  answerState,
  initialState,
  isConfigRequest,
  isStateRequest,
  stepAgentLifecycle,
  stepConfig,
  withConfig,
  type AgentState,
  type ConfigRequest,
  type StateRequest,
} from './step-agent.ts';
import type { LifecycleEvent } from './step-lifecycle.ts';

/** Where wide events go. */
interface EventSink {
  info(fields: object, message: string): void;
}

/** What an agent needs of the world. */
export interface AgentDeps {
  readonly identity: OwnIdentity;
  /** The layers of the host's operator at the start. */
  readonly own: ConfigLayers;
  /** What an earlier agent has left, and where it is kept for the next. */
  readonly installed: ClientConfig;
  readonly store: Pick<ClientConfigStore, 'save'>;
  readonly log: EventSink;
  readonly metrics: Pick<AgentMetrics, 'requestAnswered' | 'procChanged'>;
  readonly clock: AgentClock;
  readonly programs: ProcRequestDeps['programs'];
  readonly system: ProcSystem;
}

const timeOf = (clock: AgentClock): HostTime => ({ agentMs: clock.nowMs(), hostMs: clock.hostNowMs() });

/** One agent apart from its sockets: owns the state, and reports every request in one event. */
export class Agent implements AgentHandler {
  readonly #deps: AgentDeps;
  readonly #procs: HostProcs;
  readonly #work: EndWork;
  readonly #requestDeps: ProcRequestDeps;
  readonly #shutdown = new AbortController();
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  #state: AgentState;
  #own: ConfigLayers;
  /** Pushes and restores come one after the other: each is on disk before the next is looked at. */
  #configured: Promise<unknown> = Promise.resolve();

  /** Starts nothing. */
  constructor(deps: AgentDeps) {
    this.#deps = deps;
    this.#own = deps.own;
    this.#state = { ...initialState, config: deps.installed };
    const stepMs = () => configValue(this.#layers, PROCESS_EXIT_TIMEOUT);
    const move = (event: LifecycleEvent) => this.#move(event);
    this.#procs = new HostProcs({
      ...deps.system,
      config: {
        stepMs,
        configFor: (need) => configForProc(this.#state.config, need),
        parentDeathSignal: () => configValue(this.#layers, MESH_BOOTSTRAP_ENABLE_PDEATHSIG),
      },
      changed: (proc) => this.#procChanged(proc),
    });
    this.#work = endWork({ procs: this.#procs, layers: () => this.#layers, move });
    this.#requestDeps = {
      procs: this.#procs,
      work: this.#work,
      programs: deps.programs,
      lifecycle: () => this.lifecycle,
      config: () => this.#state.config,
      move,
      lastSeq: () => this.#state.log.lastSeq,
      stepMs,
      onShutdown: () => this.#shutdown.abort('shutdown_host'),
    };
  }

  get lifecycle(): Lifecycle {
    return this.#state.lifecycle;
  }

  /** Whether a config that a client has pushed is in effect. */
  get isConfigured(): boolean {
    return installedLayer(this.#state.config) !== null;
  }

  get procs(): readonly AgentProc[] {
    return this.#procs.all().map(({ proc }) => proc);
  }

  /** Fires when a client has asked the agent to leave service, before it has its answer. */
  get shutdown(): AbortSignal {
    return this.#shutdown.signal;
  }

  onEvent(listener: (event: AgentEvent) => void): void {
    this.#listeners.add(listener);
  }

  hello(): Hello {
    const { identity, clock } = this.#deps;
    return helloOf(this.#state, { ...identity, time: timeOf(clock) }, this.#own);
  }

  /** The host's operator has changed the layers: they hold from now on. */
  renewOwn(own: ConfigLayers): void {
    this.#own = own;
    const config = installedConfig(this.#state.config, own);
    const change = { kind: 'client_config_changed' as const, config, previousOwner: config.owner };
    const [log, events] = recordChanges(this.#state.log, [change], this.#deps.clock.nowMs());
    this.#become({ ...this.#state, log }, events);
  }

  /** Takes over what an earlier agent has left. To be done before it serves. */
  async recover(): Promise<void> {
    await this.#procs.recover();
    if (this.#procs.count > 0) this.#move('proc_created');
  }

  /** Ends what does not outlive the agent. */
  leave(reason: string, options: { readonly endKept: boolean }): Promise<void> {
    return this.#work.leave(reason, options);
  }

  request(
    request: AgentRequest,
    connection: ClientConnection,
  ): AgentReply | StreamReply | Promise<AgentReply> {
    const { log, metrics, clock } = this.#deps;
    const startedAt = clock.monotonicMs();
    const report = <T extends AgentReply | StreamReply>(reply: T): T => {
      const durationMs = clock.monotonicMs() - startedAt;
      metrics.requestAnswered(request.type, reply.ok ? 'ok' : reply.fault.code, durationMs);
      const fields = fieldsOfRequest(request, reply);
      log.info({ event: 'agent.request', connectionId: connection.id, ...fields, durationMs }, 'request');
      return reply;
    };
    if (isStateRequest(request)) return report(this.#answerState(request));
    if (isConfigRequest(request)) return this.#configure(request).then(report);
    const reply = answerProcRequest(request, this.#requestDeps, connection);
    return reply instanceof Promise ? reply.then(report) : report(reply);
  }

  /** What is in effect on this host now. */
  get #layers(): ConfigLayers {
    return withLayer(this.#own, 'ClientOverride', this.#clientValues);
  }

  get #clientValues(): ConfigAttrs {
    return installedLayer(this.#state.config)?.values ?? {};
  }

  #answerState(request: StateRequest): AgentReply | StreamReply {
    const procs = this.#procs;
    return answerState(this.#state, request, {
      incarnation: this.#deps.identity.incarnation,
      own: this.#own,
      time: timeOf(this.#deps.clock),
      procs: () => fitFrame(procs.all().map(({ report }) => report)),
      past: (told) =>
        fitPast(
          procs.all().flatMap(({ past }) => past),
          told,
        ),
      vouch: (meshes) => procs.vouch(meshes),
    });
  }

  /** One after the other, in the order in which they came. */
  #configure(request: ConfigRequest): Promise<AgentReply> {
    const done = this.#configured.then(() => this.#configureNow(request));
    this.#configured = done.catch(() => undefined);
    return done;
  }

  async #configureNow(request: ConfigRequest): Promise<AgentReply> {
    const { store, clock } = this.#deps;
    const [config, reply, changes] = stepConfig(this.#state, request, this.#own);
    if (config === this.#state.config) return reply;
    const saved = await store.save(config);
    if (!saved.ok) return { ok: false, fault: saved.fault };
    this.#become(...withConfig(this.#state, config, changes, clock.nowMs()));
    this.#procs.configChanged();
    return reply;
  }

  #move(event: LifecycleEvent): void {
    const { lifecycle: before } = this.#state;
    this.#become(...stepAgentLifecycle(this.#state, event, this.#deps.clock.nowMs()));
    const { lifecycle } = this.#state;
    if (lifecycle === before) return;
    this.#deps.log.info({ event: 'agent.lifecycle', lifecycleBefore: before, lifecycle }, 'lifecycle');
  }

  #procChanged(proc: AgentProc): void {
    const { log, metrics, clock } = this.#deps;
    const change = { kind: 'proc_changed' as const, proc: reportOf(proc) };
    const [events, published] = recordChanges(this.#state.log, [change], clock.nowMs());
    this.#become({ ...this.#state, log: events }, published);
    metrics.procChanged(proc);
    log.info({ event: 'agent.proc', ...fieldsOfProc(proc) }, 'proc');
  }

  #become(next: AgentState, events: readonly AgentEvent[]): void {
    this.#state = next;
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }
}
