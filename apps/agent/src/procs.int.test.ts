import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@hostmesh/core/snapshot';
import type { ProcReport } from '@hostmesh/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pushOf } from './testing/connect.ts';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

let agent: ProcAgent;
beforeAll(async () => {
  agent = await startProcAgent({ env: { SECRET: 'hunter2', LANG: 'C.UTF-8' } });
});
afterAll(() => agent[Symbol.asyncDispose]());

const final = (procId: string) => agent.until(procId, isOver);
const kinds = (procId: string) =>
  agent.reports.filter((report) => report.procId === procId).map(({ status }) => status.kind);

describe('six ends and readinesses have six different, correct reports', () => {
  const output = { kind: 'output', contains: 'now ready' } as const;

  test('a crash is killed by its signal, with the last words', async () => {
    await agent.spawn([specOf('crash', { command: shell('echo bad >&2; kill -SEGV $$') })]);
    expect(await final('crash')).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGSEGV' },
      exit: { code: null, signal: 'SIGSEGV' },
      cause: null,
      endedBy: null,
      stderrTail: ['bad'],
    });
  });

  test.each([0, 3])('exit %i is told with its code', async (code) => {
    const procId = `exit-${code}`;
    await agent.spawn([
      specOf(procId, {
        command: shell(`echo out; echo err >&2; exit ${code}`),
        readiness: { kind: 'alive', forMs: 60_000 },
        readyTimeoutMs: 0,
      }),
    ]);
    expect(await final(procId)).toMatchObject({
      status: { kind: 'Stopped', exitCode: code },
      exit: { code, signal: null },
      stderrTail: ['err'],
    });
    expect(kinds(procId)).toEqual(['Starting', 'Running', 'Stopped']);
  });

  test('killed from outside is told, and that nobody had asked for it', async () => {
    await agent.spawn([specOf('victim')]);
    const { pid } = await agent.until('victim', isReady);
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await final('victim')).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGKILL' },
      cause: null,
    });
  });

  test('never ready is stopped, and fails by saying how long it was waited for', async () => {
    await agent.spawn([specOf('never', { readiness: output, readyTimeoutMs: 300 })]);
    expect(await final('never')).toMatchObject({
      status: { kind: 'Failed', reason: 'not ready within 300ms' },
      cause: 'not_ready',
      endedBy: 'asked',
      exit: { signal: 'SIGTERM' },
    });
    expect(kinds('never')).toEqual(['Starting', 'Running', 'Stopping', 'Failed']);
  });

  test('slowly ready is running first, then ready', async () => {
    const command = shell('read line < "$GATE"; echo now ready; exec sleep 1000');
    const fifo = join(agent.process.dataDir, 'gate');
    await agent.spawn([specOf('mkfifo', { command: shell(`mkfifo ${fifo}`) })]);
    await final('mkfifo');
    await agent.spawn([specOf('slow', { command: { ...command, env: { GATE: fifo } }, readiness: output })]);
    await agent.until('slow', ({ status }) => status.kind === 'Running');
    expect(kinds('slow')).toEqual(['Starting', 'Running']);
    await agent.spawn([specOf('open', { command: shell(`echo go > ${fifo}`) })]);
    await agent.until('slow', isReady);
    expect(kinds('slow')).toEqual(['Starting', 'Running', 'Ready']);
  });

  test('an exit before it was ready is a failure, even with 0', async () => {
    await agent.spawn([specOf('early', { command: shell('exit 0'), readiness: output })]);
    expect((await final('early')).status).toEqual({
      kind: 'Failed',
      reason: 'exited with code 0 before it was ready',
    });
  });
});

describe('a process is started', () => {
  test('with the declared environment, the pushed config and who it is, and nothing else of the agent', async () => {
    const attrs = { MAX_CAST_FANOUT: '5' };
    await agent.ask(pushOf(1, attrs), 'client_config_set');
    const configDigest = digestOf(attrs);
    const command = { ...shell('env'), env: { HOSTMESH_RANK: '3', HOME: '/elsewhere' } };
    const spec = specOf('env', { command, readiness: { kind: 'descriptor' } });
    await agent.spawn([spec], { configDigest });
    expect(await final('env')).toMatchObject({ configDigest });
    const variables = (await agent.stdout('env'))
      .filter((line) => !/^(PWD|_|SHLVL|OLDPWD)=/.test(line))
      .sort();
    expect(variables).toEqual([
      'HOME=/elsewhere',
      `HOSTMESH_CONFIG_DIGEST=${configDigest}`,
      `HOSTMESH_HOST_ID=${agent.connection.hello.hostId}`,
      'HOSTMESH_PROC_ID=env',
      'HOSTMESH_RANK=3',
      'HOSTMESH_READY_FD=3',
      'HYPERACTOR_MESH_MAX_CAST_FANOUT=5',
      'LANG=C.UTF-8',
      `PATH=${process.env.PATH}`,
    ]);
  });

  test('in its own directory, in its own session and group, with no descriptor of the agent', async () => {
    await agent.spawn([specOf('place', { command: shell('ls /proc/$$/fd; exec sleep 1000') })]);
    const { pid } = await agent.until('place', isReady);
    expect(await readlink(`/proc/${pid}/cwd`)).toBe(join(agent.process.dataDir, 'procs/place/work'));
    const [, group, session] =
      (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.slice(2).split(' ') ?? [];
    expect([group, session]).toEqual([String(pid), String(pid)]);
    // What this test was started with itself is not the agent's.
    const inherited = execFileSync('sh', ['-c', 'ls /proc/$$/fd'], { encoding: 'utf8' }).trim().split('\n');
    await expect.poll(() => agent.stdout('place')).toEqual(inherited);
  });

  test('under another name, as it is given, without a shell', async () => {
    const command = {
      program: 'sh',
      args: ['-c', 'echo "$0|$1|$(tr "\\0" " " < /proc/$$/cmdline)"', 'a b', '$HOME'],
    };
    await agent.spawn([
      specOf('name', { command: { ...command, arg0: 'my name', env: {}, cwd: '/', runAs: null } }),
    ]);
    await final('name');
    expect((await agent.stdout('name'))[0]).toMatch(/^a b\|\$HOME\|my name -c /);
  });

  test('under the same name whether they may outlive the agent or not', async () => {
    const command = shell('tr "\\0" " " < /proc/$$/cmdline; echo');
    await agent.spawn([specOf('goes', { command })]);
    await agent.spawn([specOf('stays', { command })], { keep: true });
    for (const procId of ['goes', 'stays']) {
      await final(procId);
      expect((await agent.stdout(procId))[0]).toMatch(/^\/\S*\/sh -c /);
    }
  });

  test('bound to the CPUs that were asked for', async () => {
    const bind = { cpunodebind: null, membind: null, physcpubind: null, cpus: '0' };
    await agent.spawn([
      specOf('bound', { command: shell('grep Cpus_allowed_list /proc/self/status'), bind }),
    ]);
    await final('bound');
    expect(await agent.stdout('bound')).toEqual(['Cpus_allowed_list:\t0']);
  });
});

describe('the stop ladder', () => {
  const stop = (procIds: string[] | null, procMeshId = 'mesh-1', stepMs: number | null = 200) =>
    agent.ask(
      {
        type: 'stop_procs',
        id: 's',
        procMeshId,
        procIds,
        cause: 'requested',
        causeText: 'stopped by Alice',
        stepMs,
      },
      'procs_stopping',
    );

  test('ends a group that ignores SIGTERM with its forked children, and says SIGKILL', async () => {
    const mark = `mark-${randomUUID()}`;
    const child = `trap "" TERM; while :; do sleep 1; done # ${mark}`;
    const command = shell(`${child.replace('while', `sh -c '${child.replaceAll('"', "''")}' & while`)}`);
    await agent.spawn([specOf('stubborn', { command })]);
    await agent.until('stubborn', isReady);
    await expect.poll(() => pidsWith(mark).length).toBeGreaterThanOrEqual(2);
    await stop(['stubborn']);
    expect(await final('stubborn')).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGKILL' },
      cause: 'requested',
      causeText: 'stopped by Alice',
      endedBy: 'SIGKILL',
    });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('asks the group when only the leader has left, and says SIGTERM', async () => {
    const mark = `mark-${randomUUID()}`;
    const command = shell(`sh -c 'sleep 1000; : ${mark}' & trap 'exit 0' TERM; wait`);
    await agent.spawn([specOf('leader', { command })]);
    await agent.until('leader', isReady);
    await expect.poll(() => pidsWith(mark).length).toBe(2);
    await stop(['leader'], 'mesh-1', null);
    expect(await final('leader')).toMatchObject({
      status: { kind: 'Stopped', exitCode: 0 },
      endedBy: 'SIGTERM',
    });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('is joined by later callers, leaves other procs alone, and names procs that are not there', async () => {
    await agent.spawn([specOf('join-1'), specOf('join-2')], { procMeshId: 'join' });
    const answers = await Promise.all([stop(['join-1', 'ghost'], 'join'), stop(['join-1'], 'join')]);
    expect(answers[0]?.unknownIds).toEqual(['ghost']);
    expect(await final('join-1')).toMatchObject({ endedBy: 'asked' });
    expect((await agent.until('join-2', isReady)).cause).toBeNull();
    expect((await stop(null, 'join')).procs.map(({ procId }) => procId)).toEqual(['join-1', 'join-2']);
    await final('join-2');
  });

  test('is not needed for what a process has left behind when it ended by itself', async () => {
    const mark = `mark-${randomUUID()}`;
    await agent.spawn([specOf('litter', { command: shell(`sh -c 'sleep 1000; : ${mark}' & exit 0`) })]);
    expect(await final('litter')).toMatchObject({ status: { exitCode: 0 }, endedBy: null });
    expect(pidsWith(mark)).toEqual([]);
  });
});

describe('the restart policy', () => {
  const policy = (policy: 'on_failure' | 'always', limit: number) => ({
    policy,
    limit,
    backoffMs: 10,
    maxBackoffMs: 50,
    resetAfterMs: 60_000,
  });

  test('starts a process again until its limit, with one log and growing generations', async () => {
    const command = shell('echo run; exit 3');
    await agent.spawn([specOf('again', { command, restart: policy('on_failure', 2) })]);
    expect(await final('again')).toMatchObject({
      status: { exitCode: 3 },
      restarts: { count: 2, nextAt: null },
    });
    const told = agent.reports.filter(({ procId }) => procId === 'again');
    expect(told.map(({ generation }) => generation)).toEqual(told.map((_, index) => index + 1));
    expect(told.filter(({ restarts }) => restarts.nextAt !== null)).toHaveLength(2);
    expect(await agent.stdout('again')).toEqual(['run', 'run', 'run']);
  });

  test('leaves a good end alone on failure, and not always', async () => {
    const command = shell('exit 0');
    await agent.spawn([
      specOf('good', { command, restart: policy('on_failure', 2) }),
      specOf('always', { command, restart: policy('always', 1) }),
    ]);
    expect((await final('good')).restarts.count).toBe(0);
    expect((await final('always')).restarts.count).toBe(1);
  });
});

describe('many at a time', () => {
  test('start at once: slow ones hold up neither each other nor a config dump', async () => {
    const slow = { readiness: { kind: 'output', contains: 'never' }, readyTimeoutMs: 0 } as const;
    const specs = Array.from({ length: 40 }, (_, rank) => specOf(`many-${rank}`, { rank, ...slow }));
    const accepted = agent.spawn(specs, { procMeshId: 'many' });
    const dump = await agent.ask({ type: 'config_dump', id: 'd' }, 'config_dumped');
    expect(dump.entries.length).toBeGreaterThan(0);
    expect((await accepted).map(({ rank }) => rank)).toEqual(specs.map(({ rank }) => rank));
    await Promise.all(
      specs.map(({ procId }) => agent.until(procId, ({ status }) => status.kind === 'Running')),
    );
    const usage = await agent.ask(
      { type: 'get_usage', id: 'u', procIds: specs.map(({ procId }) => procId) },
      'usage',
    );
    expect(usage.procs).toHaveLength(40);
    // One that has only just been executed has no memory to speak of yet.
    expect(usage.procs.map(({ processes }) => processes)).toEqual(specs.map(() => 1));
    expect(usage.procs.some(({ rssBytes }) => rssBytes > 0)).toBe(true);
    const states = await agent.ask(
      { type: 'get_host_proc_states', id: 'g', procMeshId: 'many' },
      'proc_states',
    );
    expect(states.procs).toHaveLength(40);
    expect(states.seq).toBe(agent.events.at(-1)?.seq);
    await agent.ask({ type: 'drain_host', id: 'd', hostMeshId: 'nobody' }, 'drained');
    const asked = { cause: 'rolled_back', causeText: 'x', stepMs: 5000 } as const;
    await agent.ask(
      { type: 'stop_procs', id: 's', procMeshId: 'many', procIds: null, ...asked },
      'procs_stopping',
    );
    const ends = await Promise.all(specs.map(({ procId }) => final(procId)));
    expect(new Set(ends.map(({ endedBy, cause }) => `${endedBy} ${cause}`))).toEqual(
      new Set(['asked rolled_back']),
    );
  });

  test('asking twice for the same procs starts them once', async () => {
    const first = await agent.spawn([specOf('twice')]);
    await agent.until('twice', isReady);
    const [second] = await agent.spawn([specOf('twice')]);
    expect(first[0]?.status.kind).toBe('Starting');
    expect(second).toMatchObject({ status: { kind: 'Ready' } } satisfies {
      status: Partial<ProcReport['status']>;
    });
  });
});

test('procs that have ended are forgotten on request, with their output; others are not', async () => {
  await agent.spawn([specOf('gone', { command: shell('exit 0') }), specOf('other')], {
    procMeshId: 'forget',
  });
  await final('gone');
  const forget = { type: 'forget_procs', id: 'f', procMeshId: 'forget', procIds: null } as const;
  expect(await agent.ask(forget, 'procs_forgotten')).toEqual({ kind: 'procs_forgotten', count: 1 });
  expect(await agent.ask({ type: 'get_state', id: 'g', procId: 'gone' }, 'proc_state')).toMatchObject({
    proc: null,
  });
  const { procs } = await agent.ask({ type: 'list_procs', id: 'l' }, 'proc_states');
  expect(procs.find(({ procId }) => procId === 'other')).toMatchObject({ program: 'sleep', leaseMs: null });
});

test('a wait is over when the status is there, at its timeout, or at once for a proc that is not there', async () => {
  const wait = async (procId: string, min: 'Running' | 'Stopped', timeoutMs: number) =>
    (await agent.ask({ type: 'wait_status', id: 'w', procId, min, timeoutMs }, 'proc_state')).proc;
  expect(await wait('ghost', 'Running', 60_000)).toBeNull();
  await agent.spawn([specOf('awaited', { command: shell('sleep 0.2') })]);
  expect((await wait('awaited', 'Stopped', 50))?.status.kind).toMatch(/Running|Ready|Starting/);
  expect((await wait('awaited', 'Stopped', 60_000))?.status.kind).toBe('Stopped');
});
