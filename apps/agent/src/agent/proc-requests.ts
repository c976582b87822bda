import { assertNever, deadlineAfter } from '@hostmesh/core';
import { errnoOf, whyNoProcess } from '@hostmesh/part';
import type {
  AgentFaultCode,
  AgentReply,
  AgentRequest,
  ClientConnection,
  Lifecycle,
  ProcBind,
} from '@hostmesh/protocol';
import type { ClientConfig } from '../config/client-config.ts';
import { whyNoConfig } from '../config/config-for-proc.ts';
import { fitFrame } from '../host-procs/fit-frame.ts';
import { MAX_HOST_PROCS, type HostProcs } from '../host-procs/host-procs.ts';
import { judgeCommand, judgedOf, type AllowRules, type JudgedCommand } from '../launch/allow-rules.ts';
import { bindPrefix, type BindTools } from '../launch/bind.ts';
import { accountFor, type Account } from '../launch/run-as.ts';
import { findProgram, placeToSearch } from '../launch/find-program.ts';
import { isFinal } from '../proc/agent-proc.ts';
import type { ProcRunner } from '../runner/proc-runner.ts';
import type { LifecycleEvent } from './step-lifecycle.ts';
import type { EndWork } from './end-work.ts';
import type { ConfigRequest, StateRequest } from './step-agent.ts';

/** Requests about procs, and those that end them. */
export type ProcRequest = Exclude<AgentRequest, StateRequest | ConfigRequest>;

/** What requests about procs are answered from. */
export interface ProcRequestDeps {
  readonly procs: HostProcs;
  readonly work: EndWork;
  readonly programs: {
    readonly allow: AllowRules;
    readonly accounts: readonly Account[];
    readonly path: string;
    readonly tools: BindTools;
  };
  lifecycle(): Lifecycle;
  config(): ClientConfig;
  move(event: LifecycleEvent): void;
  /** Number of the last event. */
  lastSeq(): number;
  /** Time for each step of the stop ladder unless a request says otherwise. */
  stepMs(): number;
  /** The agent is to leave service, once the answer is out. */
  onShutdown(): void;
}

/** Enough to see what is wrong, and few enough for one frame. */
const MAX_REFUSALS = 100;

type Result = Extract<AgentReply, { ok: true }>['result'];

const answer = (result: Result): AgentReply => ({ ok: true, result });
const refuse = (code: AgentFaultCode, message: string): AgentReply => ({
  ok: false,
  fault: { code, message: message.slice(0, 2000) },
});

/**
 * Answers a request about procs, in every state of the agent (Reference 8.2). Procs are started or stopped before this
 * returns, so that the next request finds that done.
 */
export function answerProcRequest(
  request: ProcRequest,
  deps: ProcRequestDeps,
  client: ClientConnection,
): AgentReply | Promise<AgentReply> {
  const { procs, work } = deps;
  switch (request.type) {
    case 'spawn_procs':
      return spawn(request, deps);
    case 'check_spawn': {
      const faults = request.specs.map(
        (spec) => whyNot(spec, spec, deps.programs) ?? whyUnknown(spec, deps.programs),
      );
      const refusals = faults.flatMap((fault, index) => (fault === null ? [] : [{ index, ...fault }]));
      return answer({ kind: 'spawn_checked', refusals: refusals.slice(0, MAX_REFUSALS) });
    }
    case 'stop_procs': {
      const { chosen, unknownIds } = choose(procs, request);
      const { cause, causeText } = request;
      const stop = { cause, causeText, stepMs: request.stepMs ?? deps.stepMs() };
      for (const runner of chosen) runner.stop(stop);
      return answer({ kind: 'procs_stopping', procs: fitFrame(chosen.map(reportOf)), unknownIds });
    }
    case 'get_state':
      return answer({ kind: 'proc_state', proc: procs.get(request.procId)?.report ?? null });
    case 'get_host_proc_states':
    case 'list_procs': {
      const runners = request.type === 'list_procs' ? procs.all() : procs.ofMesh(request.procMeshId);
      return answer({ kind: 'proc_states', seq: deps.lastSeq(), procs: fitFrame(procs.list(runners)) });
    }
    case 'wait_status':
      return waitStatus(request, procs, client);
    case 'get_usage':
      return answer({ kind: 'usage', procs: procs.usage(request.procIds) });
    case 'read_logs':
      return readLogs(request, procs, client);
    case 'forget_procs':
      return answer({ kind: 'procs_forgotten', count: procs.forget(choose(procs, request).chosen) });
    case 'drain_host':
      return work
        .drain(request.hostMeshId ?? null)
        .then((ended) => answer({ kind: 'drained', procs: fitFrame(ended) }));
    case 'shutdown_host':
      return work.shutdown().then((ended) => {
        deps.onShutdown();
        return answer({ kind: 'shutting_down', procs: fitFrame(ended) });
      });
    default:
      return assertNever(request);
  }
}

type Request<K extends ProcRequest['type']> = Extract<ProcRequest, { type: K }>;

const reportOf = ({ report }: ProcRunner) => report;

/** The procs of a mesh that a request names, or all of it. */
function choose(
  procs: HostProcs,
  { procMeshId, procIds }: { readonly procMeshId: string; readonly procIds: readonly string[] | null },
): { readonly chosen: ProcRunner[]; readonly unknownIds: string[] } {
  const ofMesh = new Map(procs.ofMesh(procMeshId).map((runner) => [runner.proc.facts.spec.procId, runner]));
  return {
    chosen: procIds === null ? [...ofMesh.values()] : procIds.flatMap((id) => ofMesh.get(id) ?? []),
    unknownIds: (procIds ?? []).filter((id) => !ofMesh.has(id)),
  };
}

/** Starts all procs of a request, or none when one of them is refused. */
function spawn(
  request: Request<'spawn_procs'>,
  { procs, work, programs, ...deps }: ProcRequestDeps,
): AgentReply {
  const lifecycle = deps.lifecycle();
  if (lifecycle === 'draining' || lifecycle === 'shutdown') {
    return refuse(
      'wrong_lifecycle',
      `the agent is ${lifecycle === 'draining' ? 'draining' : 'leaving service'}`,
    );
  }
  if (work.isDraining(request.hostMeshId)) {
    return refuse('wrong_lifecycle', `host mesh ${request.hostMeshId} is leaving this host`);
  }
  const added = request.procs.filter(({ procId }) => procs.get(procId) === undefined);
  if (procs.count + added.length > MAX_HOST_PROCS) {
    return refuse('too_many_procs', `this host runs at most ${MAX_HOST_PROCS} procs, and has ${procs.count}`);
  }
  const noConfig = added.length === 0 ? null : whyNoConfig(deps.config(), request);
  if (noConfig !== null) return refuse(noConfig.code, `this spawn ${noConfig.message}`);
  for (const { command, bind } of added) {
    const fault = whyNot(judgedOf(command), { bind, runAs: command.runAs }, programs);
    if (fault !== null) return refuse(fault.code, fault.message);
  }
  const noRoom = added.length === 0 ? null : procs.whyNoRoom(added.length);
  if (noRoom !== null) return refuse(noRoom.code, noRoom.message);
  const reports = procs.spawn(request);
  if (added.length > 0) deps.move('proc_created');
  return answer({ kind: 'procs_accepted', procs: fitFrame(reports) });
}

type Programs = ProcRequestDeps['programs'];

/** Why this host refuses to start a command, whoever asks. */
function whyNot(
  command: JudgedCommand,
  { bind, runAs }: { readonly bind: ProcBind | null; readonly runAs: string | null },
  { allow, accounts, path, tools }: Programs,
) {
  const allowed = judgeCommand(allow, command, path, null);
  if (!allowed.ok) return allowed.fault;
  const account = accountFor(accounts, runAs);
  if (!account.ok) return account.fault;
  const bound = bindPrefix(bind, tools);
  return bound.ok ? null : { code: 'bind_unavailable' as const, message: bound.fault.message };
}

/** Why a program could not be started. A spawn is accepted all the same: the state of its procs tells of it. */
function whyUnknown({ program, path: own, cwd }: JudgedCommand, { path }: Programs) {
  const found = findProgram(program, placeToSearch(own, cwd, path));
  return found.ok ? null : { code: found.fault.code, message: found.fault.message.slice(0, 2000) };
}

async function waitStatus(
  { procId, min, timeoutMs }: Request<'wait_status'>,
  procs: HostProcs,
  client: ClientConnection,
): Promise<AgentReply> {
  const runner = procs.get(procId);
  if (runner === undefined) return answer({ kind: 'proc_state', proc: null });
  using deadline = deadlineAfter(timeoutMs);
  await runner.reached(min, AbortSignal.any([client.signal, deadline.signal]));
  return answer({ kind: 'proc_state', proc: runner.report });
}

async function readLogs(
  { procId, ...range }: Request<'read_logs'>,
  procs: HostProcs,
  client: ClientConnection,
): Promise<AgentReply> {
  const runner = procs.get(procId);
  if (runner === undefined) return refuse('unknown_proc', `this host has no proc ${procId}`);
  const page = await runner.log.read(range, client.signal).catch((error: unknown) => {
    // What the system has against it is no bug, and may be over at the next request.
    if (errnoOf(error) === '') throw error;
    return whyNoProcess(errnoOf(error)) ?? String(error);
  });
  if (typeof page === 'string')
    return refuse('output_unreadable', `the output of ${procId} cannot be read now: ${page}`.slice(0, 2000));
  const lastRead = page.entries.at(-1)?.seq ?? range.after ?? 0;
  return answer({ kind: 'logs', ...page, ended: isFinal(runner.proc) && lastRead >= page.lastSeq });
}
