import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOver, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { nodeScript, shell, specOf } from './testing/proc-fixtures.ts';
import { isSoak } from './testing/soak.ts';

let agent: ProcAgent;
beforeAll(async () => {
  agent = await startProcAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());

const final = (procId: string) => agent.until(procId, isOver);

describe('output', () => {
  test('of both streams is told in order, whatever bytes it has', async () => {
    const command = nodeScript(
      'process.stdout.write(Buffer.from([0x61, 0, 0xff, 10])); process.stdout.write("x".repeat(20000) + "\\nend")',
    );
    await agent.spawn([specOf('binary', { command })]);
    await final('binary');
    const { entries, ended, lastSeq } = await agent.logs('binary');
    expect(entries.map(({ text, partial }) => [text.length, partial])).toEqual([
      [3, false],
      [8192, true],
      [8192, true],
      [3616, false],
      [3, false],
    ]);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect([entries[0]?.text, ended, lastSeq]).toEqual(['a\uFFFD\uFFFD', true, 5]);
  });

  test('of a chatterbox is bounded on disk, keeps its last part, and says what is lost', async () => {
    const LINES = isSoak ? 100_000 : 50_000;
    const line = 'y'.repeat(199);
    const command = shell(`yes ${line} | head -c ${LINES * 200}; echo the end`);
    await agent.spawn([specOf('chatter', { command })]);
    await final('chatter');
    const last = await agent.logs('chatter', { after: null, tail: 1 });
    expect(last.entries.map(({ text }) => text)).toEqual(['the end']);
    expect(last.lastSeq).toBe(LINES + 1);
    expect(last.firstSeq).toBeGreaterThan(1);
    const first = await agent.logs('chatter', { after: 0 });
    expect(first.entries[0]?.seq).toBe(first.firstSeq);
    const dir = join(agent.process.dataDir, 'procs/chatter');
    const sizes = await Promise.all(['output.jsonl', 'output.1.jsonl'].map((name) => stat(join(dir, name))));
    for (const { size, mode } of sizes) {
      expect(size).toBeLessThan(5_000_000);
      expect(mode & 0o077).toBe(0);
    }
    // What the disk does not give now is no bug of the agent, and is there once it does.
    const [older, aside] = [join(dir, 'output.1.jsonl'), join(dir, 'aside')];
    await rename(older, aside);
    await mkdir(older);
    const read = { type: 'read_logs', id: 'unreadable', procId: 'chatter', after: 0, tail: null } as const;
    const range = { maxBytes: 1000, waitMs: 0, openVersion: null };
    expect(await agent.ask({ ...read, ...range }, 'refused')).toMatchObject({ code: 'output_unreadable' });
    await rm(older, { recursive: true });
    await rename(aside, older);
    expect((await agent.logs('chatter', { after: 0 })).firstSeq).toBe(first.firstSeq);
  });

  test('without end leaves the agent time for its clients, and its memory bounded', async () => {
    const ids = ['yes-1', 'yes-2', 'yes-3'];
    await agent.spawn(
      ids.map((id) => specOf(id, { command: shell('exec yes') })),
      { procMeshId: 'yes' },
    );
    await expect
      .poll(async () => (await agent.logs('yes-1', { tail: 1, after: null })).lastSeq)
      .toBeGreaterThan(isSoak ? 100_000 : 20_000);
    const status = await readFile(`/proc/${agent.process.child.pid}/status`, 'utf8');
    expect(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1])).toBeLessThan(300_000);
    await agent.ask({ type: 'drain_host', id: 'd' }, 'drained');
    expect(await final('yes-1')).toMatchObject({ cause: 'drained', endedBy: 'asked' });
  });

  test('is waited for, and comes as it is written', async () => {
    await agent.spawn([specOf('cat', { command: shell('sleep 0.3; echo later; exec sleep 1000') })]);
    const { entries, ended } = await agent.logs('cat', { after: 0, waitMs: 20_000 });
    expect([entries.map(({ text }) => text), ended]).toEqual([['later'], false]);
    const nothing = await agent.logs('cat', { after: 1, waitMs: 50 });
    expect(nothing).toMatchObject({ entries: [], lastSeq: 1, ended: false });
  });

  test('that waits for the end of its line is told as it is, makes a proc ready, and is one line in the end', async () => {
    const command = nodeScript(
      'let step = 0; process.stderr.write("Password: ");' +
        'const timer = setInterval(() => process.stdout.write(`\\r${(step += 1)}%`), 1);' +
        'process.on("SIGTERM", () => (clearInterval(timer), process.stdout.write("\\rdone\\n", () => process.exit())));',
    );
    const readiness = { kind: 'output', contains: 'word:' } as const;
    await agent.spawn([specOf('bar', { command, readiness, readyTimeoutMs: 0 })]);
    await agent.until('bar', ({ status }) => status.kind === 'Ready');
    const told: string[] = [];
    for (let openVersion: number | null = null; told.length < 5;) {
      const logs = await agent.logs('bar', { after: 0, waitMs: 20_000, openVersion });
      expect(logs.entries).toEqual([]);
      ({ openVersion } = logs);
      told.push(...logs.open.filter(({ stream }) => stream === 'stdout').map(({ text }) => text));
    }
    expect(told.join(' ')).toMatch(/^(\d+% ?)+$/);
    await agent.drain();
    expect(await final('bar')).toMatchObject({ stderrTail: ['Password: '] });
    const { entries, open } = await agent.logs('bar');
    expect([open, entries.map(({ text }) => text).toSorted()]).toEqual([[], ['Password: ', 'done']]);
  });

  test('that a process leaves open when it ends does not hold up its end', async () => {
    const mark = `mark-${randomUUID()}`;
    const command = shell(`setsid sh -c 'sleep 1000; : ${mark}' & sleep 0.1; echo last >&2`);
    await agent.spawn([specOf('held', { command })]);
    expect(await final('held')).toMatchObject({ status: { exitCode: 0 }, stderrTail: ['last'] });
    // Its own session is its own: the test ends what it has let out.
    for (const pid of pidsWith(mark)) process.kill(-pid, 'SIGKILL');
  });

  test('of a proc that is not there is refused', async () => {
    const request = {
      type: 'read_logs',
      id: 'l',
      procId: 'ghost',
      after: 0,
      tail: null,
      maxBytes: 1,
      waitMs: 0,
      openVersion: null,
    };
    expect(await agent.connection.request({ ...request } as never, AbortSignal.timeout(5000))).toMatchObject({
      fault: { kind: 'refused', fault: { code: 'unknown_proc' } },
    });
  });
});
