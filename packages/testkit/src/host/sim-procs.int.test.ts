import {
  createTransport,
  type AgentEvent,
  type AgentRequest,
  type AgentRequestType,
  type AnswerOf,
  type Connection,
  type ProcReport,
  type RequestOf,
  type Transport,
} from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aSpawn } from '../testing/sim-spawn.ts';
import { startSimHosts, type SimHosts } from './start-sim-hosts.ts';

let hosts: SimHosts;
let transport: Transport;
let requests = 0;
beforeEach(async () => {
  hosts = await startSimHosts({ count: 1 });
  transport = createTransport({ agentKey: testAgentKey });
});
afterEach(async () => {
  await transport.close();
  await hosts.close();
});

const connect = async (): Promise<Connection> => {
  const [address] = hosts.addresses;
  if (address === undefined) throw new Error('no host');
  const connected = await transport.connect(address);
  if (!connected.ok) throw new Error(connected.fault.message);
  return connected.value;
};

/** A request of this type, but for its id. */
type Asked<T extends AgentRequestType> = { readonly type: T } & Omit<
  Extract<AgentRequest, { type: T }>,
  'id'
>;
async function ask<T extends AgentRequestType>(
  connection: Connection,
  request: Asked<T>,
): Promise<AnswerOf<T>> {
  // All that it lacked is an id.
  const whole = { ...request, id: `r${++requests}` } as unknown as RequestOf<T>;
  const answer = await connection.request<T>(whole);
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.value;
}

/** A connection that streams, with all events that it was told. */
async function watch(after: { incarnation: string; seq: number } | null = null) {
  const connection = await connect();
  const events: AgentEvent[] = [];
  connection.onEvent((event) => events.push(event));
  const start = await ask(connection, { type: 'stream_state', after });
  const told = (): ProcReport[] =>
    events.flatMap(({ change }) => (change.kind === 'proc_changed' ? [change.proc] : []));
  return { connection, events, start, told };
}

const procs = (): readonly ProcReport[] => hosts.hosts[0]?.procs ?? [];
const kinds = (): string[] => procs().map(({ status }) => status.kind);
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 5 });
const stopAll = {
  type: 'stop_procs',
  procMeshId: 'w',
  procIds: null,
  cause: 'requested',
  causeText: 'c',
} as const;

describe('procs on a simulated host', () => {
  test('are spawned once however often that is asked, and every change is told once and in order', async () => {
    const { connection, told, events } = await watch();
    const first = await ask(connection, aSpawn([[], ['ready-after=20ms'], ['exit=3@30ms']]));
    expect(first.procs.map(({ rank, generation }) => [rank, generation])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    await until(() => expect(kinds()).toEqual(['Ready', 'Ready', 'Stopped']));
    const again = await ask(connection, aSpawn([[], [], []]));
    // But for times: those of an answer are by the clock of whoever asked.
    const known = ({ procId, rank, generation, status }: ProcReport) => [
      procId,
      rank,
      generation,
      status.kind,
    ];
    expect(again.procs.map(known)).toEqual(procs().map(known));
    await until(() => expect(told()).toHaveLength(10));
    expect(
      Map.groupBy(told(), ({ rank }) => rank)
        .get(2)
        ?.map(({ generation }) => generation),
    ).toEqual([1, 2, 3, 4]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });

  test('stop when they are asked to, and tell the step of the ladder', async () => {
    const connection = await connect();
    await ask(connection, aSpawn([[], ['ignore-term']]));
    await until(() => expect(kinds()).toEqual(['Ready', 'Ready']));
    const stopping = await ask(connection, {
      ...stopAll,
      procIds: ['w-0', 'w-1', 'x'],
      stepMs: 20,
    });
    expect(stopping.procs.map(({ status }) => status.kind)).toEqual(['Stopping', 'Stopping']);
    expect(stopping.unknownIds).toEqual(['x']);
    for (const procId of ['w-0', 'w-1']) {
      await ask(connection, { type: 'wait_status', procId, min: 'Stopped', timeoutMs: 10_000 });
    }
    expect(procs().map(({ endedBy }) => endedBy)).toEqual(['asked', 'SIGKILL']);
    const forget: Asked<'forget_procs'> = { type: 'forget_procs', procMeshId: 'w', procIds: ['w-0'] };
    expect(await ask(connection, forget)).toMatchObject({ count: 1 });
    expect(procs()).toHaveLength(1);
  });

  test('are told after a break: those changes that were missed, or all procs when too many were', async () => {
    const first = await watch();
    await ask(first.connection, aSpawn([[]]));
    await until(() => expect(first.told()).toHaveLength(3));
    const { incarnation } = first.connection.hello;
    const seq = first.events.at(-1)?.seq ?? 0;
    first.connection.close();
    hosts.killProc(0, 'w-0', 'SIGKILL');
    const resumed = await watch({ incarnation, seq });
    expect(resumed.start).toMatchObject({ resumed: true, seq: seq + 1 });
    await until(() =>
      expect(resumed.told()).toMatchObject([{ status: { kind: 'Killed', signal: 'SIGKILL' } }]),
    );
    await ask(
      resumed.connection,
      aSpawn([['flap=1000/s']], {
        procMeshId: 'v',
        procs: [...aSpawn([[], ['flap=1000/s']]).procs.slice(1)],
      }),
    );
    await until(() => expect(resumed.events.length).toBeGreaterThan(250));
    const late = await watch({ incarnation, seq });
    expect(late.start).toMatchObject({ resumed: false, procs: [{ procId: 'w-0' }, { procId: 'w-1' }] });
  });

  test('are reaped when nobody vouches for them, and not before', async () => {
    const connection = await connect();
    await ask(connection, aSpawn([[]], { ttlMs: 1000 }));
    const alone = aSpawn([[], []], { procMeshId: 'v', ttlMs: 300 });
    await ask(connection, { ...alone, procs: alone.procs.slice(1) });
    const vouch: Asked<'keepalive'> = {
      type: 'keepalive',
      procMeshes: [
        { procMeshId: 'w', ttlMs: 1000 },
        { procMeshId: 'unknown', ttlMs: 1 },
      ],
    };
    const isReaped = (rank: number) => procs()[rank]?.status.kind === 'Killed';
    while (!isReaped(1)) {
      expect(await ask(connection, vouch)).toMatchObject({ unknownProcMeshes: ['unknown'] });
    }
    expect(procs()).toMatchObject([
      { status: { kind: 'Ready' } },
      { causeText: 'not heard from a test for 300ms' },
    ]);
    await until(() => expect(isReaped(0)).toBe(true));
    expect(procs()).toMatchObject([{ cause: 'orphaned', causeText: 'not heard from a test for 1s' }, {}]);
  });

  test('end with a host that restarts, which then tells how', async () => {
    const { connection } = await watch();
    await ask(connection, aSpawn([[]]));
    await until(() => expect(kinds()).toEqual(['Ready']));
    const before = procs()[0]?.generation ?? 0;
    await hosts.restart(0);
    const { start, connection: next } = await watch({ incarnation: connection.hello.incarnation, seq: 1 });
    expect(start).toMatchObject({ resumed: false, lifecycle: 'detached' });
    expect(start.procs).toMatchObject([{ cause: 'agent_ended', generation: before + 1 }]);
    expect(next.hello.incarnation).not.toBe(connection.hello.incarnation);
  });

  test('of a frozen host are told of when it goes on', async () => {
    const { connection, told } = await watch();
    await ask(connection, aSpawn([[]]));
    await until(() => expect(told()).toHaveLength(3));
    await hosts.setFault(0, { kind: 'hang_after_hello' });
    hosts.killProc(0, 'w-0', 'SIGSEGV');
    const silent = await connection.request({ type: 'list_procs', id: 'l' }, AbortSignal.timeout(50));
    expect(silent).toMatchObject({ ok: false, fault: { kind: 'aborted' } });
    expect(told()).toHaveLength(3);
    await hosts.setFault(0, { kind: 'healthy' });
    await until(() => expect(told()).toHaveLength(4));
  });

  test('write lines that can be followed to their end', async () => {
    const connection = await connect();
    await ask(connection, aSpawn([['chatter=50/s', 'stderr=oh', 'exit=3@200ms']]));
    const lines: string[] = [];
    const follow = {
      type: 'read_logs',
      procId: 'w-0',
      tail: null,
      maxBytes: 1000,
      waitMs: 10_000,
      openVersion: null,
    } as const;
    for (let after = 0, ended = false; !ended;) {
      const logs = await ask(connection, { ...follow, after });
      lines.push(...logs.entries.map(({ text }) => text));
      after = logs.entries.at(-1)?.seq ?? after;
      ended = logs.ended;
    }
    const [first, ...chatter] = lines;
    expect(first).toBe('oh');
    expect(chatter.length).toBeGreaterThan(0);
    expect(chatter).toEqual(chatter.map((_, index) => `line ${index + 1}`));
    expect(procs()).toMatchObject([{ stderrTail: ['oh'], exit: { code: 3 } }]);
    const tail = await ask(connection, { ...follow, after: null, tail: 1 });
    expect(tail).toMatchObject({
      entries: [{ text: `line ${chatter.length}` }],
      firstSeq: 1,
      lastSeq: lines.length,
      ended: true,
    });
  });
});

describe('a simulated host with procs', () => {
  const drain = (hostMeshId: string | null) => ({ type: 'drain_host', hostMeshId }) as const;

  test('drains a mesh and stays attached, drains all and is detached, shuts down and leaves', async () => {
    const { connection, events } = await watch();
    await ask(connection, aSpawn([['slow-stop=50ms'], []]));
    await ask(connection, {
      ...aSpawn([[], [], []], { hostMeshId: 'other', procMeshId: 'v' }),
    });
    await until(() => expect(kinds()).toEqual(['Ready', 'Ready', 'Ready']));
    const drains = await Promise.all([ask(connection, drain('hosts')), ask(connection, drain('hosts'))]);
    for (const { procs: ended } of drains)
      expect(ended).toMatchObject([{ endedBy: 'asked', cause: 'drained' }, {}].slice(0, ended?.length));
    expect(kinds()).toEqual(['Stopped', 'Killed', 'Ready']);
    await ask(connection, drain(null));
    expect(kinds()).toEqual(['Stopped', 'Killed', 'Killed']);
    const lifecycles = (): string[] =>
      events.flatMap(({ change }) => (change.kind === 'lifecycle_changed' ? [change.lifecycle] : []));
    await until(() => expect(lifecycles()).toEqual(['attached', 'draining', 'detached']));
    const spawn = aSpawn([[], [], [], ['slow-stop=50ms']]);
    await ask(connection, spawn);
    const shutDown = ask(connection, { type: 'shutdown_host' });
    const refused = await connection.request({ ...spawn, id: 'late' });
    expect(refused).toMatchObject({ ok: false, fault: { fault: { code: 'wrong_lifecycle' } } });
    expect(await shutDown).toMatchObject({ procs: [{ rank: 3, cause: 'shut_down' }] });
    await connection.closed;
  });

  test.each([
    ['reject', 0],
    ['drop_before_install', 0],
    ['garbage', 0],
    ['restart', 0],
    ['drop_after_install', 1],
    ['answer_twice', 1],
  ] as const)('that has the fault %s starts %i procs of a spawn', async (kind, count) => {
    await hosts.setFault(0, kind === 'reject' ? { kind, code: 'program_refused' } : { kind });
    const connection = await connect();
    const answer = await connection.request(aSpawn([[]]));
    expect(answer.ok).toBe(kind === 'answer_twice');
    expect(procs()).toHaveLength(count);
  });
});
