import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_AGENT_KEY } from '@hostmesh/protocol/testing-key';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAgentProcess } from './testing/agent-process.ts';
import { ask } from './testing/connect.ts';
import { isReady, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf, spawnOf } from './testing/proc-fixtures.ts';

const isRoot = process.getuid?.() === 0;
/** Matches the key, and not itself on a command line. */
const KEY_PATTERN = TEST_AGENT_KEY.replace(/.$/, '[$&]');

/** What a proc of another user does to get at what its agent knows; `$AGENT` and `$DIR` are where that is. */
const ATTACK = `
for what in environ mem maps auxv stack; do head -c 4096 /proc/$AGENT/$what; done
ls -l /proc/$AGENT/fd /proc/$AGENT/cwd/ /proc/$AGENT/root/
cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline
cat /proc/$AGENT/fd/*
find $DIR -type f -exec cat {} +
for name in client-config.json agent.lock host-id secrets procs/*/spec.json procs/attack/report.json; do cat $DIR/$name; done
cat $DIR/secrets/* $DIR/../*
env
`;

describe.runIf(isRoot && process.platform === 'linux')('an agent that is root', () => {
  let place = '';
  let agent: ProcAgent;
  beforeAll(async () => {
    // Others may enter it, as /var/lib.
    place = await mkdtemp(join(tmpdir(), 'run-as-'));
    await chmod(place, 0o755);
    agent = await startProcAgent({
      dataDir: join(place, 'data'),
      args: ['--run-as', 'nobody', '--run-as', 'daemon:nogroup', '--run-as', 'root'],
      env: { HOSTMESH_AGENT_KEY: TEST_AGENT_KEY, HOSTMESH_AGENT_KEY_FILE: '', TMPDIR: '/root/tmp' },
    });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await rm(place, { recursive: true });
  });

  const output = async (procId: string, script: string, runAs: string | null = null, lines = 1) => {
    await agent.spawn([specOf(procId, { command: { ...shell(script), runAs } })]);
    return agent.lines(procId, lines);
  };

  test('starts nothing as root unless it is told to, and says so', async () => {
    await using untold = await startProcAgent({ env: { HOSTMESH_RUN_AS: '' } });
    expect(untold.connection.hello.runAs).toEqual({ users: [], sharesAgent: false });
    expect(untold.process.log).toContainEqual(expect.objectContaining({ event: 'agent.runs_nothing' }));
    const refused = await ask(untold.connection, spawnOf([specOf('p')])).catch(String);
    expect(refused).toMatchObject({ kind: 'refused', code: 'run_as_refused' });
    expect(JSON.stringify(refused)).toMatch(/--run-as USER, or with --run-as root/);
  });

  test('runs procs as the first user that it was given, whose home, name and groups they have', async () => {
    const script =
      'echo $(id -un) $(id -G) $HOME $USER $LOGNAME ${TMPDIR-none}; pwd; touch here && ls -n here; echo also >/dev/null; sleep 1000';
    const [who, where, file] = await output('who', script, null, 3);
    expect(who).toBe('nobody 65534 /nonexistent nobody nobody none');
    expect(where).toBe(join(agent.process.dataDir, 'procs/who/work'));
    expect(file).toMatch(/ 65534 +65534 .* here$/);
    expect(agent.connection.hello.runAs).toEqual({
      users: ['nobody', 'daemon:nogroup', 'root'],
      sharesAgent: true,
    });
  });

  test('counts and ends the procs of other users, whatever they do not to be found', async () => {
    await output('hides', 'trap "" TERM; setsid sleep 1000 & echo on; wait; sleep 1000');
    const { procs } = await agent.ask({ type: 'get_usage', id: '', procIds: ['hides'] }, 'usage');
    expect(procs).toMatchObject([{ procId: 'hides', processes: 2 }]);
    const asked = { procMeshId: 'mesh-1', procIds: ['hides'], causeText: 'enough', stepMs: 50 };
    await agent.ask({ type: 'stop_procs', id: '', cause: 'requested', ...asked }, 'procs_stopping');
    expect(await agent.until('hides', ({ status }) => status.kind === 'Killed')).toMatchObject({
      leftover: 0,
    });
  });

  test('runs a command as another user only if that is one of them', async () => {
    expect(await output('other', 'id -un; id -gn; sleep 1000', 'daemon:nogroup', 2)).toEqual([
      'daemon',
      'nogroup',
    ]);
    expect(await output('root', 'id -un; sleep 1000', 'root')).toEqual(['root']);
    for (const runAs of ['daemon', '0', '1:0', '--reuid=0']) {
      const spec = specOf('none', { command: { ...shell(':'), runAs } });
      expect(await ask(agent.connection, spawnOf([spec]))).toMatchObject({
        kind: 'refused',
        code: 'run_as_refused',
      });
    }
  });

  test('a kept proc of another user writes to its own output, also by its path', async () => {
    const command = shell('echo one; echo two >>/dev/stdout; sleep 1000');
    await agent.spawn([specOf('kept', { command })], { keep: true });
    expect(await agent.lines('kept', 2)).toEqual(['one', 'two']);
  });

  test('no variable of a command reaches what becomes another user, and its program gets them all', async () => {
    const told = join(place, 'told');
    await mkdir(told, { mode: 0o700 });
    const script = 'echo "$LD_DEBUG_OUTPUT|$QUOTED|${HOSTMESH_LATE_0-none}|$HOSTMESH_PROC_ID"; sleep 1000';
    const env = { LD_DEBUG: 'files', LD_DEBUG_OUTPUT: join(told, 'ld'), QUOTED: '"$(id)" \\ \'\n' };
    const readiness = { kind: 'output', contains: 'none|late' } as const;
    await agent.spawn([specOf('late', { command: { ...shell(script), env }, readiness })]);
    await agent.until('late', isReady);
    // That of the program itself, which may not, says it here.
    const said = (await agent.stdout('late')).filter((line) => !line.startsWith(' '));
    expect(said).toEqual([`${join(told, 'ld')}|"$(id)" \\ '`, '|none|late']);
    // The loader of a process of root would have written there.
    expect(await readdir(told)).toEqual([]);
  });

  test('another user enters no directory that is closed to it, by cwd either', async () => {
    const closed = join(place, 'closed');
    await mkdir(join(closed, 'open'), { recursive: true });
    await chmod(closed, 0o700);
    await agent.spawn([specOf('closed', { command: { ...shell('ls'), cwd: join(closed, 'open') } })]);
    const isOver = ({ startFault }: { startFault: string | null }) => startFault !== null;
    expect(await agent.until('closed', isOver)).toMatchObject({ startFault: 'no_cwd' });
  });

  test('a proc of another user finds none of its secrets: in /proc, files, descriptors or its environment', async () => {
    const { pid = 0 } = agent.process.child;
    const env = { AGENT: String(pid), DIR: agent.process.dataDir };
    const command = shell(
      `{ ${ATTACK} } 2>&1 | tr '\\0' '\\n' | grep -c '${KEY_PATTERN}'; echo tried; sleep 1000`,
    );
    await agent.spawn([specOf('attack', { command: { ...command, env } })]);
    expect(await agent.lines('attack', 2)).toEqual(['0', 'tried']);
  });
});

test('an agent names the user that it cannot run procs as, and why', async () => {
  const complaint = async (...users: readonly string[]) => {
    await using agent = await startAgentProcess({ args: users.flatMap((user) => ['--run-as', user]) });
    return (await agent.ended).stderr;
  };
  expect(await complaint('root', 'no-such-user')).toMatch(/--run-as no-such-user: this host has no user/);
  expect(await complaint('nobody:no-such-group')).toMatch(
    /--run-as nobody:no-such-group: this host has no group/,
  );
});
