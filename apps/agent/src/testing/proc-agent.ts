import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type {
  AgentEvent,
  AgentRequest,
  Connection,
  ProcReport,
  ProcSpec,
  SpawnProcs,
} from '@hostmesh/protocol';
import { sendSignal } from '../processes/processes.ts';
import { startAgentProcess, type AgentProcess, type StartOptions } from './agent-process.ts';
import { ask, connect } from './connect.ts';
import { spawnOf } from './proc-fixtures.ts';

/** A real agent with a connection that follows it. */
export interface ProcAgent extends AsyncDisposable {
  readonly process: AgentProcess;
  readonly connection: Connection;
  /** Every report of every proc, as it was told. */
  readonly reports: readonly ProcReport[];
  readonly events: readonly AgentEvent[];
  /** Asks, and gives the result, which must be of that kind. */
  ask<K extends Result['kind']>(request: AgentRequest, kind: K): Promise<Extract<Result, { kind: K }>>;
  spawn(procs: readonly ProcSpec[], changes?: Partial<SpawnProcs>): Promise<ProcReport[]>;
  /** What it has of a proc's output; all of it from the start unless `range` says otherwise. */
  logs(procId: string, range?: object): Promise<Extract<Result, { kind: 'logs' }>>;
  /** The lines of stdout that it has. */
  stdout(procId: string): Promise<string[]>;
  /** The lines that it has, once there are so many: whatever is missing is waited for. */
  lines(procId: string, atLeast: number): Promise<string[]>;
  /** Ends all procs, or those of a host mesh. */
  drain(hostMeshId?: string): Promise<void>;
  /** Resolves with the first report of a proc, told or to come, that this is true of. */
  until(procId: string, isIt: (report: ProcReport) => boolean): Promise<ProcReport>;
}

type Result = Awaited<ReturnType<typeof ask>>;

/** Starts an agent and follows it from its first event. */
export async function startProcAgent(options: StartOptions = {}): Promise<ProcAgent> {
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const agent = await startAgentProcess({ ...options, env: { PATH: path, ...options.env } });
  try {
    return await follow(agent);
  } catch (error) {
    await agent[Symbol.asyncDispose]();
    throw error;
  }
}

async function follow(agent: AgentProcess): Promise<ProcAgent> {
  const connection = await connect(await agent.address());
  const reports: ProcReport[] = [];
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  connection.onEvent((event) => {
    events.push(event);
    if (event.change.kind === 'proc_changed') reports.push(event.change.proc);
    for (const look of [...waiting]) look();
  });
  const stream = await ask(connection, { type: 'stream_state', id: 'stream', after: null });
  if (stream.kind === 'streaming') reports.unshift(...(stream.procs ?? []));

  const askFor: ProcAgent['ask'] = async (request, kind) => {
    const result = await ask(connection, { ...request, id: randomUUID() });
    if (result.kind !== kind) throw new Error(`asked for ${kind}: ${JSON.stringify(result)}`);
    // Checked on the line above.
    return result as Extract<Result, { kind: typeof kind }>;
  };
  const logs: ProcAgent['logs'] = (procId, range = {}) =>
    askFor(
      {
        type: 'read_logs',
        id: '',
        procId,
        after: 0,
        tail: null,
        maxBytes: 500_000,
        waitMs: 0,
        openVersion: null,
        ...range,
      },
      'logs',
    );
  return {
    process: agent,
    connection,
    logs,
    stdout: async (procId) =>
      (await logs(procId)).entries.filter(({ stream }) => stream === 'stdout').map(({ text }) => text),
    async lines(procId, atLeast) {
      const texts: string[] = [];
      while (texts.length < atLeast) {
        const { entries } = await logs(procId, { after: texts.length, waitMs: 10_000 });
        texts.push(...entries.map(({ text }) => text));
      }
      return texts;
    },
    drain: async (hostMeshId) => void (await askFor({ type: 'drain_host', id: '', hostMeshId }, 'drained')),
    reports,
    events,
    ask: askFor,
    spawn: async (procs, changes) => (await askFor(spawnOf(procs, changes), 'procs_accepted')).procs,
    until: (procId, isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = reports.find((report) => report.procId === procId && isIt(report));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void connection.closed.then(() => {
          const told = JSON.stringify(reports.filter((report) => report.procId === procId));
          reject(new Error(`the agent has gone before ${procId} got there: ${told}`));
        });
      }),
    async [Symbol.asyncDispose]() {
      const isThere = agent.child.exitCode === null && agent.child.signalCode === null;
      // What would take its time to end is killed first. The agent ends in order, so that it leaves nothing behind.
      if (isThere) {
        for (const pid of livingGroups(reports)) sendSignal(-pid, 'SIGKILL');
        agent.child.kill('SIGTERM');
      }
      await connection[Symbol.asyncDispose]();
      await agent.ended;
      await agent[Symbol.asyncDispose]();
    },
  };
}

const hasEnded = ({ kind }: ProcReport['status']): boolean => ['Stopped', 'Killed', 'Failed'].includes(kind);

/** It has ended for good. */
export const isOver = ({ status, restarts }: ProcReport): boolean =>
  restarts.nextAt === null && hasEnded(status);
export const isReady = ({ status }: ProcReport): boolean => status.kind === 'Ready';

/** Groups of the procs that were last told to have a process. */
function livingGroups(reports: readonly ProcReport[]): number[] {
  const last = new Map(reports.map((report) => [report.procId, report]));
  return [...last.values()].flatMap(({ pid, status }) => (pid === null || hasEnded(status) ? [] : [pid]));
}

/** Processes that carry this text in their arguments, and are no zombies. */
export function pidsWith(mark: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const isMarked = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark);
      return isMarked && !/\) [ZX] /.test(readFileSync(`/proc/${name}/stat`, 'utf8')) ? [Number(name)] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
