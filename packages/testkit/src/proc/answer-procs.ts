import { satisfiesWait, statusOfProc } from '@hostmesh/core';
import type { AgentReply, AgentRequest, AnswerResult, OpenOutputLine, ProcReport } from '@hostmesh/protocol';
import { SIM_USER } from '../push/sim-host-state.ts';
import type { SimHostProcs } from './sim-host-procs.ts';
import { entriesOf, firstSeqOf, nextLineAt } from './sim-output.ts';
import { isSimProcLive, type SimProc } from './sim-proc.ts';

/** What our agents answer about procs they do not run; each request has its own type. */
export type SimProcRequest = Extract<
  AgentRequest,
  {
    type:
      | 'spawn_procs'
      | 'stop_procs'
      | 'get_state'
      | 'get_host_proc_states'
      | 'wait_status'
      | 'list_procs'
      | 'check_spawn'
      | 'get_usage'
      | 'read_logs'
      | 'forget_procs';
  }
>;

const RSS_BYTES = 10 * 2 ** 20;

const found = (result: AnswerResult): AgentReply => ({ ok: true, result });

/** Answers a request about procs as a healthy agent does. `seq` is the number of the host's last event. */
export function answerProcs(
  procs: SimHostProcs,
  request: SimProcRequest,
  { seq, exitStepMs }: { readonly seq: () => number; readonly exitStepMs: number },
): AgentReply | Promise<AgentReply> {
  switch (request.type) {
    case 'spawn_procs': {
      const refused = request.procs.map(({ command }) => whyNotAs(command)).find((fault) => fault !== null);
      if (refused !== undefined) return { ok: false, fault: refused };
      const { procMeshId, ttlMs, hostMeshId, owner, configDigest, keep } = request;
      const shared = { procMeshId, hostMeshId, owner, configDigest, keep };
      const terms = request.procs.map((spec) => ({ spec, ...shared }));
      procs.spawn(terms, procMeshId, ttlMs);
      return found({
        kind: 'procs_accepted',
        procs: reportsOf(
          procs,
          request.procs.map(({ procId }) => procId),
        ),
      });
    }
    case 'stop_procs': {
      const asked = select(procs, request.procMeshId, request.procIds);
      procs.stop(asked, request.cause, request.causeText, request.stepMs ?? exitStepMs);
      const ids = asked.map(({ terms }) => terms.spec.procId);
      const unknownIds = (request.procIds ?? []).filter((procId) => !ids.includes(procId));
      return found({ kind: 'procs_stopping', procs: reportsOf(procs, ids), unknownIds });
    }
    case 'check_spawn': {
      const faults = request.specs.map(whyNotAs);
      const refusals = faults.flatMap((fault, index) => (fault === null ? [] : [{ index, ...fault }]));
      return found({ kind: 'spawn_checked', refusals });
    }
    case 'get_state':
      return found({ kind: 'proc_state', proc: procs.find(request.procId)?.report ?? null });
    case 'get_host_proc_states':
      return found(statesOf(procs, procs.ofMesh(request.procMeshId), seq()));
    case 'list_procs':
      return found(statesOf(procs, procs.all, seq()));
    case 'wait_status':
      return waitStatus(procs, request);
    case 'get_usage': {
      const asked =
        request.procIds === null ? procs.all : request.procIds.flatMap((id) => procs.find(id) ?? []);
      return found({ kind: 'usage', procs: asked.filter(isSimProcLive).map(usageOf) });
    }
    case 'read_logs':
      return readLogs(procs, request);
    case 'forget_procs':
      return found({
        kind: 'procs_forgotten',
        count: procs.forget(select(procs, request.procMeshId, request.procIds)),
      });
  }
}

function whyNotAs({ runAs }: { readonly runAs: string | null }) {
  if (runAs === null || runAs === SIM_USER) return null;
  return {
    code: 'run_as_refused',
    message: `this host runs nothing as '${runAs}', only as ${SIM_USER} (--run-as)`,
  };
}

function select(procs: SimHostProcs, procMeshId: string, procIds: readonly string[] | null): SimProc[] {
  const ofMesh = procs.ofMesh(procMeshId);
  if (procIds === null) return ofMesh;
  const asked = new Set(procIds);
  return ofMesh.filter(({ terms }) => asked.has(terms.spec.procId));
}

const reportsOf = (procs: SimHostProcs, procIds: readonly string[]): ProcReport[] =>
  procIds.flatMap((procId) => procs.find(procId)?.report ?? []);

const statesOf = (procs: SimHostProcs, of: readonly SimProc[], seq: number): AnswerResult => ({
  kind: 'proc_states',
  seq,
  procs: of.map(({ report, terms }) => ({
    ...report,
    leaseMs: procs.leaseOf(terms.procMeshId),
    owner: terms.owner,
    program: terms.spec.command.program,
  })),
});

function waitStatus(
  procs: SimHostProcs,
  { procId, min, timeoutMs }: Extract<SimProcRequest, { type: 'wait_status' }>,
): Promise<AgentReply> {
  let deadlineMs: number | undefined;
  return procs.until((nowMs) => {
    deadlineMs ??= nowMs + timeoutMs;
    const report = procs.find(procId)?.report ?? null;
    const isOver =
      report === null ||
      nowMs >= deadlineMs ||
      satisfiesWait(statusOfProc(report.status, report.cause), { kind: min });
    return isOver ? { found: found({ kind: 'proc_state', proc: report }) } : { againAtMs: deadlineMs };
  });
}

function usageOf({ report }: SimProc) {
  const at = Date.now();
  const cpuMs = report.startedAt === null ? 0 : Math.max(0, at - report.startedAt) / 10;
  return { procId: report.procId, at, cpuPercent: 10, cpuMs, rssBytes: RSS_BYTES, processes: 1 };
}

/** What a proc has written of a line that it has not ended. */
function openLinesOf(proc: SimProc): OpenOutputLine[] {
  const { report, terms } = proc;
  const { prompt } = terms.behaviour;
  if (prompt === null || report.startedAt === null || !isSimProcLive(proc)) return [];
  return [{ stream: 'stdout', at: report.startedAt, text: prompt }];
}

function readLogs(
  procs: SimHostProcs,
  request: Extract<SimProcRequest, { type: 'read_logs' }>,
): AgentReply | Promise<AgentReply> {
  const { procId, waitMs } = request;
  let deadlineMs: number | undefined;
  return procs.until<AgentReply>((nowMs) => {
    deadlineMs ??= nowMs + waitMs;
    const proc = procs.find(procId);
    if (proc === undefined) {
      const message = `this host has no proc ${procId}`;
      return { found: { ok: false, fault: { code: 'unknown_proc', message } } };
    }
    const { output, phase, report, terms } = proc;
    const entries = entriesOf(output, request);
    const atEnd = (entries.at(-1)?.seq ?? request.after ?? 0) >= output.lastSeq || output.lastSeq === 0;
    const ended = phase.kind === 'ended' && atEnd;
    const open = openLinesOf(proc);
    // Of a start there is one such line at most: it is the version of all.
    const openVersion = open[0]?.at ?? 0;
    const isOpenKnown = openVersion === (request.openVersion ?? 0);
    if (entries.length === 0 && !ended && isOpenKnown && nowMs < deadlineMs) {
      const { chatterPerSecond } = terms.behaviour;
      const startedAtMs = isSimProcLive(proc) ? (report.startedAt ?? Infinity) : Infinity;
      return { againAtMs: Math.min(deadlineMs, nextLineAt(chatterPerSecond, startedAtMs, output.chattered)) };
    }
    const { lastSeq } = output;
    return {
      found: {
        ok: true,
        result: { kind: 'logs', entries, open, openVersion, firstSeq: firstSeqOf(output), lastSeq, ended },
      },
    };
  });
}
