import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

let dataDir = '';
let agent: ProcAgent;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'agent-faults-'));
  agent = await startProcAgent({ dataDir });
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const dirOf = (procId: string) => join(dataDir, 'procs', procId);
const marked = (mark: string) => shell(`echo up; exec sleep 1000 # ${mark}`);
const logged = (of: ProcAgent, event: 'fault' | 'bug') => of.process.log.filter(({ msg }) => msg === event);

describe('a proc that the disk has no room for', () => {
  test.each([
    ['', false, /^could not start: E\w+: .*mkdir/],
    [' that is to be kept', true, /^could not start: it is to be kept, and cannot be written down/],
  ])('%s has failed and runs nowhere; a drain ends', async (_which, keep, reason) => {
    const mark = `mark-${randomUUID()}`;
    await mkdir(join(dataDir, 'procs'), { recursive: true });
    await writeFile(dirOf(mark), 'in the way');
    await agent.spawn([specOf(mark, { command: marked(mark) })], { keep });
    const { status } = await agent.until(mark, isOver);
    expect(status).toMatchObject({ kind: 'Failed', reason: expect.stringMatching(reason) });
    await agent.drain();
    expect(pidsWith(mark)).toEqual([]);
    expect(logged(agent, 'bug')).toEqual([]);
  });

  test('once it runs is ended again, and has failed', async () => {
    const mark = `mark-${randomUUID()}`;
    await mkdir(join(dirOf(mark), 'spool.stderr.place'), { recursive: true });
    await agent.spawn([specOf(mark, { command: marked(mark) })], { keep: true });
    expect((await agent.until(mark, isOver)).status).toMatchObject({
      kind: 'Failed',
      reason: expect.stringContaining('could not start: EISDIR'),
    });
    expect(pidsWith(mark)).toEqual([]);
  });
});

test('a NUL byte in a secret is told by the name of its variable alone', async () => {
  const command = { ...shell(':'), env: { TOKEN: 'hunter2\0' } };
  await agent.spawn([specOf('nul', { command })]);
  const report = await agent.until('nul', isOver);
  expect(report.status).toMatchObject({ reason: 'could not start: the value of TOKEN holds a NUL byte' });
  expect(JSON.stringify([agent.reports, agent.process.log])).not.toContain('hunter2');
});

test('a damaged directory costs a kept proc its output at most', async () => {
  const damaged = { log: 'output.jsonl', spool: 'spool.stdout.place' };
  const ids = ['well', ...Object.keys(damaged)];
  const mark = `mark-${randomUUID()}`;
  const own = join(dataDir, 'damaged');
  await using first = await startProcAgent({ dataDir: own });
  await first.spawn(
    ids.map((id) => specOf(id, { command: marked(mark) })),
    { keep: true },
  );
  for (const id of ids) await first.until(id, isReady);
  first.process.child.kill('SIGKILL');
  await first.process.ended;
  for (const [id, name] of Object.entries(damaged)) {
    await rm(join(own, 'procs', id, name), { force: true });
    await mkdir(join(own, 'procs', id, name));
  }
  await using second = await startProcAgent({ dataDir: own });
  for (const id of ids) expect(await second.until(id, isReady)).toMatchObject({ adopted: true });
  const faults = logged(second, 'fault').map(({ what }) => what);
  expect(faults.toSorted()).toEqual(['output of proc log', 'output of proc spool']);
  for (const id of Object.keys(damaged)) await second.logs(id);
  await second.drain();
  expect(pidsWith(mark)).toEqual([]);
});
