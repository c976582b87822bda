import type {
  AgentChange,
  AgentFault,
  AgentRequest,
  AnswerResult,
  ProcReport,
  ProcSpec,
} from '@hostmesh/protocol';

/** How a fake host treats procs; by default they are ready at once and end when asked. */
export interface FakeProcBehaviour {
  readonly spawn?:
    | 'hang' // nothing started, nothing said
    | 'start_and_hang'
    | 'start_and_close' // the first time; later requests are answered
    | { readonly refuse: AgentFault };
  /** Programs that the host does not have. */
  readonly missing?: readonly string[];
  /** Started procs stay `Starting` until the test changes them. */
  readonly slowProcs?: boolean;
  /** By rank: the status that a proc has at once, instead of becoming ready. */
  readonly instead?: Readonly<Record<number, ProcReport['status']>>;
  /** Procs stay in `Stopping` when they are stopped. */
  readonly stubborn?: boolean;
}

type Of<T extends AgentRequest['type']> = Extract<AgentRequest, { type: T }>;

const owner = { clientId: 'client-1', label: 'us' };

/** The procs of a fake agent. Each change is one more generation, and told as one event. */
export class FakeProcs {
  readonly #reports = new Map<string, ProcReport>();
  /** By proc mesh: for how long it is vouched for, and since when. */
  readonly leases = new Map<string, { readonly ttlMs: number; readonly since: number }>();
  /** Leases that had run out when they were renewed, or were looked at. */
  readonly lapsed: string[] = [];
  /** What procs were before, oldest first. */
  readonly past: ProcReport[] = [];
  readonly #now: () => number;
  readonly #tell: (change: AgentChange) => void;
  behaviour: FakeProcBehaviour = {};

  constructor(now: () => number, tell: (change: AgentChange) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  get all(): readonly ProcReport[] {
    return [...this.#reports.values()];
  }

  check({ specs }: Of<'check_spawn'>): AnswerResult {
    const missing = this.behaviour.missing ?? [];
    const refusals = specs.flatMap(({ program }, index) =>
      missing.includes(program)
        ? [{ index, code: 'not_found', message: `no program '${program}' on this host` }]
        : [],
    );
    return { kind: 'spawn_checked', refusals };
  }

  ofRank(rank: number): ProcReport {
    const report = this.all.find((each) => each.rank === rank);
    if (report === undefined) throw new Error(`no proc of rank ${rank}`);
    return report;
  }

  /** The proc is different from now on; `isTold` false when the event gets lost. */
  change(rank: number, fields: Partial<ProcReport>, isTold = true): ProcReport {
    return this.#change(this.ofRank(rank), fields, isTold);
  }

  #change(before: ProcReport, fields: Partial<ProcReport>, isTold = true): ProcReport {
    const report = { ...before, ...fields, generation: before.generation + 1, at: this.#now() };
    this.past.push(before);
    this.#reports.set(report.procId, report);
    if (isTold) this.#tell({ kind: 'proc_changed', proc: report });
    return report;
  }

  forgetAll(): void {
    this.#reports.clear();
    this.past.length = 0;
  }

  /** It has this proc again. */
  restore(report: ProcReport): void {
    this.#reports.set(report.procId, report);
  }

  /** Looks whether leases have run out. */
  checkLeases(): readonly string[] {
    for (const procMeshId of this.leases.keys()) this.#check(procMeshId);
    return this.lapsed;
  }

  vouch(leases: Of<'keepalive'>['procMeshes'] = []): string[] {
    for (const { procMeshId, ttlMs } of leases) {
      this.#check(procMeshId);
      this.leases.set(procMeshId, { ttlMs, since: this.#now() });
    }
    const known = new Set(this.all.map(({ procMeshId }) => procMeshId));
    return leases.map(({ procMeshId }) => procMeshId).filter((id) => !known.has(id));
  }

  spawn(request: Of<'spawn_procs'>): AnswerResult | AgentFault | null {
    const { spawn } = this.behaviour;
    if (typeof spawn === 'object') return spawn.refuse;
    if (spawn === 'hang') return null;
    for (const spec of request.procs) if (!this.#reports.has(spec.procId)) this.#start(request, spec);
    if (request.ttlMs !== null) this.vouch([{ procMeshId: request.procMeshId, ttlMs: request.ttlMs }]);
    return spawn === 'start_and_hang' ? null : { kind: 'procs_accepted', procs: this.#asked(request) };
  }

  stop(request: Of<'stop_procs'>): AnswerResult {
    const asked = request.procIds ?? this.#ofMesh(request.procMeshId).map(({ procId }) => procId);
    for (const procId of asked) {
      const report = this.#reports.get(procId);
      if (report !== undefined) this.#end(report, request.cause, request.causeText);
    }
    const procs = asked.flatMap((procId) => this.#reports.get(procId) ?? []);
    const unknownIds = asked.filter((procId) => !this.#reports.has(procId));
    return { kind: 'procs_stopping', procs, unknownIds };
  }

  drain(hostMeshId: string | null): ProcReport[] {
    const drained = this.all.filter((report) => hostMeshId === null || report.hostMeshId === hostMeshId);
    for (const report of drained) this.#end(report, 'drained', null);
    return drained.flatMap(({ procId }) => this.#reports.get(procId) ?? []);
  }

  states(procMeshId: string, seq: number): AnswerResult {
    const procs = this.#ofMesh(procMeshId).map((report) => ({
      ...report,
      leaseMs: null,
      owner,
      program: 'sleep',
    }));
    return { kind: 'proc_states', seq, procs };
  }

  forget({ procIds, procMeshId }: Of<'forget_procs'>): AnswerResult {
    const ended = this.#ofMesh(procMeshId).filter(({ status }) => status.kind === 'Stopped');
    const forgotten = ended.filter(({ procId }) => procIds?.includes(procId) ?? true);
    for (const { procId } of forgotten) this.#reports.delete(procId);
    return { kind: 'procs_forgotten', count: forgotten.length };
  }

  usage({ procIds }: Of<'get_usage'>): AnswerResult {
    const procs = this.all
      .filter(({ procId, status }) => status.kind === 'Ready' && (procIds?.includes(procId) ?? true))
      .map(({ procId }) => ({ procId, at: 0, cpuPercent: 1, cpuMs: 1, rssBytes: 1, processes: 1 }));
    return { kind: 'usage', procs };
  }

  logs({ procId }: Of<'read_logs'>): AnswerResult | AgentFault {
    if (!this.#reports.has(procId)) return { code: 'unknown_proc', message: `no proc ${procId}` };
    const entry = { seq: 1, stream: 'stdout' as const, at: 0, text: `hello from ${procId}`, partial: false };
    return {
      kind: 'logs',
      entries: [entry],
      open: [],
      openVersion: 0,
      firstSeq: 1,
      lastSeq: 1,
      ended: false,
    };
  }

  #check(procMeshId: string): void {
    const lease = this.leases.get(procMeshId);
    if (lease !== undefined && this.#now() - lease.since > lease.ttlMs) this.lapsed.push(procMeshId);
  }

  #ofMesh(procMeshId: string): readonly ProcReport[] {
    return this.all.filter((report) => report.procMeshId === procMeshId);
  }

  #asked({ procs }: Of<'spawn_procs'>): ProcReport[] {
    return procs.flatMap(({ procId }) => this.#reports.get(procId) ?? []);
  }

  #start(
    { procMeshId, hostMeshId, configDigest, keep }: Of<'spawn_procs'>,
    { procId, rank }: ProcSpec,
  ): void {
    const report: ProcReport = {
      procId,
      procMeshId,
      hostMeshId,
      rank,
      generation: 1,
      at: this.#now(),
      status: { kind: 'Starting' },
      startFault: null,
      leftover: 0,
      formerEnd: null,
      cause: null,
      causeText: null,
      endedBy: null,
      exit: null,
      pid: 1000 + rank,
      startedAt: this.#now(),
      restarts: { count: 0, nextAt: null },
      configDigest,
      waitsFor: null,
      stderrTail: [],
      keep,
      adopted: false,
    };
    this.#reports.set(procId, report);
    this.#tell({ kind: 'proc_changed', proc: report });
    if (this.behaviour.slowProcs === true) return;
    const status = this.behaviour.instead?.[rank];
    this.#change(report, { status: status ?? { kind: 'Ready', startedAtMs: this.#now(), address: null } });
  }

  #end(report: ProcReport, cause: ProcReport['cause'], causeText: string | null): void {
    const { kind } = report.status;
    if (kind === 'Stopped' || kind === 'Killed' || kind === 'Failed') return;
    const stopping = { status: { kind: 'Stopping', startedAtMs: 0 }, cause, causeText } as const;
    const next = this.#change(report, stopping);
    if (this.behaviour.stubborn !== true)
      this.#change(next, { status: { kind: 'Stopped', exitCode: 0 }, endedBy: 'asked' });
  }
}
