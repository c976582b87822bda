import { MESH_TERMINATE_TIMEOUT, PROCESS_EXIT_TIMEOUT, valueIn } from '@hostmesh/core';
import type { AgentChange, AgentEvent, AgentReply, AgentRequest, Lifecycle } from '@hostmesh/protocol';
import { answerProcs } from '../proc/answer-procs.ts';
import { SimHostProcs } from '../proc/sim-host-procs.ts';
import type { SimProc } from '../proc/sim-proc.ts';
import { configForSimProc, currentConfig, simInstalledConfig } from '../push/client-layers.ts';
import { incarnationOf, simTime, type SimHostState } from '../push/sim-host-state.ts';

/** Events of each host that a client may have missed: enough for a short break, and bounded. */
const KEPT_EVENTS = 100;

/** The last events of one incarnation of a host. */
class SimEventLog {
  #events: AgentEvent[] = [];
  #seq = 0;

  /** Number of the last event. */
  get seq(): number {
    return this.#seq;
  }

  append(change: AgentChange): AgentEvent {
    this.#seq += 1;
    const event: AgentEvent = { type: 'event', seq: this.#seq, at: Date.now(), change };
    this.#events.push(event);
    // Now and then, so that not every event copies the others.
    if (this.#events.length >= 2 * KEPT_EVENTS) this.#events = this.#events.slice(-KEPT_EVENTS);
    return event;
  }

  /** Those that followed the event `seq`; null when they are not all there any more, or never were. */
  after(seq: number): AgentEvent[] | null {
    if (seq > this.#seq || this.#seq - seq > this.#events.length) return null;
    return this.#events.slice(this.#events.length - (this.#seq - seq));
  }
}

type ServedRequest = Exclude<
  AgentRequest,
  { type: 'set_client_config' | 'restore_client_config' | 'config_dump' }
>;
/** With the events that a client has missed, when it asked for those. */
export type ServedReply = AgentReply & { readonly replay?: readonly AgentEvent[] };

/** What a service needs of its host. */
export interface SimServiceDeps {
  state(): SimHostState;
  setLifecycle(lifecycle: Lifecycle): void;
  tell(change: AgentChange): void;
}

/** What a simulated host does apart from its config: its procs, their leases, its events and its lifecycle. */
export class SimHostService {
  readonly #host: SimServiceDeps;
  readonly procs: SimHostProcs;
  events = new SimEventLog();

  constructor(host: SimServiceDeps) {
    this.#host = host;
    this.procs = new SimHostProcs({
      exitStepMs: () => this.#stepMs(PROCESS_EXIT_TIMEOUT),
      configFor: (terms) => configForSimProc(host.state().layers, terms),
      changed: (proc) => host.tell({ kind: 'proc_changed', proc }),
    });
  }

  /** A new incarnation: its events count from 1. */
  restarted(): void {
    this.events = new SimEventLog();
    this.procs.agentRestarted();
  }

  answer(request: ServedRequest): ServedReply | Promise<ServedReply> {
    const { lifecycle, layers } = this.#host.state();
    const config = simInstalledConfig(layers);
    switch (request.type) {
      case 'keepalive': {
        const unknown = (request.procMeshes ?? []).filter(
          ({ procMeshId, ttlMs }) => !this.procs.vouch(procMeshId, ttlMs),
        );
        const unknownProcMeshes = unknown.map(({ procMeshId }) => procMeshId);
        return { ok: true, result: { kind: 'alive', time: simTime(), lifecycle, config, unknownProcMeshes } };
      }
      case 'stream_state':
        return this.#stream(request);
      case 'drain_host':
        return this.#drain(request.hostMeshId ?? null);
      case 'shutdown_host':
        return this.#shutDown();
      case 'spawn_procs':
        if (lifecycle === 'draining' || lifecycle === 'shutdown') {
          const message = `the host is ${lifecycle === 'shutdown' ? 'shut down' : lifecycle}`;
          return { ok: false, fault: { code: 'wrong_lifecycle', message } };
        }
        if (request.configDigest !== null && request.configDigest !== config.digest) {
          const message = `needs ${request.configDigest}; this host holds ${config.digest ?? 'none'}`;
          return { ok: false, fault: { code: 'config_missing', message } };
        }
        if (lifecycle === 'detached' && request.procs.length > 0) this.#host.setLifecycle('attached');
        return this.#procs(request);
      default:
        return this.#procs(request);
    }
  }

  #procs(request: Parameters<typeof answerProcs>[1]): AgentReply | Promise<AgentReply> {
    return answerProcs(this.procs, request, {
      seq: () => this.events.seq,
      exitStepMs: this.#stepMs(PROCESS_EXIT_TIMEOUT),
    });
  }

  #stream({ after }: Extract<AgentRequest, { type: 'stream_state' }>): ServedReply {
    const state = this.#host.state();
    const { seq } = this.events;
    const replay = after?.incarnation === incarnationOf(state) ? this.events.after(after.seq) : null;
    const resumed = replay !== null;
    const { lifecycle, layers } = state;
    const config = simInstalledConfig(layers);
    const procs = resumed ? {} : { procs: this.procs.reports };
    return {
      ok: true,
      result: { kind: 'streaming', resumed, seq, lifecycle, config, ...procs },
      replay: replay ?? [],
    };
  }

  async #drain(hostMeshId: string | null): Promise<AgentReply> {
    if (hostMeshId === null && this.#host.state().lifecycle === 'attached')
      this.#host.setLifecycle('draining');
    const procs = await this.#end(
      ({ terms }) => hostMeshId === null || terms.hostMeshId === hostMeshId,
      'drained',
    );
    const { lifecycle } = this.#host.state();
    const isDone =
      hostMeshId === null ? lifecycle === 'draining' : lifecycle === 'attached' && this.#isIdle();
    if (isDone) this.#host.setLifecycle('detached');
    return { ok: true, result: { kind: 'drained', procs } };
  }

  async #shutDown(): Promise<AgentReply> {
    if (this.#host.state().lifecycle !== 'shutdown') this.#host.setLifecycle('shutdown');
    return { ok: true, result: { kind: 'shutting_down', procs: await this.#end(() => true, 'shut_down') } };
  }

  /** Stops those that have not ended for good, and resolves with them when they are gone. */
  async #end(which: (proc: SimProc) => boolean, cause: 'drained' | 'shut_down') {
    const going = this.procs.all.filter((proc) => proc.phase.kind !== 'ended' && which(proc));
    this.procs.stop(going, cause, null, this.#stepMs(MESH_TERMINATE_TIMEOUT));
    const ids = going.map(({ terms }) => terms.spec.procId);
    return this.procs.until(() => {
      const now = ids.flatMap((id) => this.procs.find(id) ?? []);
      const gone = now.every(({ phase }) => phase.kind === 'ended');
      return gone ? { found: now.map(({ report }) => report) } : { againAtMs: Infinity };
    });
  }

  #isIdle(): boolean {
    return this.procs.all.every(({ phase }) => phase.kind === 'ended');
  }

  #stepMs(key: typeof PROCESS_EXIT_TIMEOUT): number {
    return valueIn(currentConfig(this.#host.state().layers)?.attrs ?? {}, key);
  }
}
