import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

let dir = '';
let dataDir = '';
const dirOf = (procId: string) => join(dataDir, 'procs', procId);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agent-faults-'));
  dataDir = join(dir, 'data');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const marked = (mark: string) => shell(`echo up; exec sleep 1000 # ${mark}`);
const faultsOf = (agent: ProcAgent) => agent.process.log.filter(({ msg }) => msg === 'fault');
const bugsOf = (agent: ProcAgent) => agent.process.log.filter(({ msg }) => msg === 'bug');

describe('a proc that the disk has no room for', () => {
  test.each([
    ['', false, /^could not start: E\w+: .*mkdir/],
    [' that is to be kept', true, /^could not start: it is to be kept, and cannot be written down/],
  ])('%s has failed and runs nowhere; a drain ends', async (_which, keep, reason) => {
    const mark = `mark-${randomUUID()}`;
    await mkdir(join(dataDir, 'procs'), { recursive: true });
    await writeFile(dirOf('p'), 'in the way');
    await using agent = await startProcAgent({ dataDir });
    await agent.spawn([specOf('p', { command: marked(mark) })], { keep });
    const { status } = await agent.until('p', isOver);
    expect(status).toMatchObject({ kind: 'Failed', reason: expect.stringMatching(reason) });
    await agent.ask({ type: 'drain_host', id: '' }, 'drained');
    expect(pidsWith(mark)).toEqual([]);
    expect(bugsOf(agent)).toEqual([]);
  });

  test('once it runs is ended again, and has failed', async () => {
    const mark = `mark-${randomUUID()}`;
    await mkdir(join(dirOf('p'), 'spool.stderr.place'), { recursive: true });
    await using agent = await startProcAgent({ dataDir });
    await agent.spawn([specOf('p', { command: marked(mark) })], { keep: true });
    expect((await agent.until('p', isOver)).status).toMatchObject({
      kind: 'Failed',
      reason: expect.stringContaining('could not start: EISDIR'),
    });
    expect(pidsWith(mark)).toEqual([]);
  });
});

describe('a damaged directory', () => {
  test.each(['output.jsonl', 'spool.stdout.place'])(
    'costs a kept proc its output at most: %s',
    async (name) => {
      const mark = `mark-${randomUUID()}`;
      await using first = await startProcAgent({ dataDir });
      await first.spawn(
        ['damaged', 'well'].map((id) => specOf(id, { command: marked(mark) })),
        { keep: true },
      );
      for (const id of ['damaged', 'well']) await first.until(id, isReady);
      first.process.child.kill('SIGKILL');
      await first.process.ended;
      await rm(join(dirOf('damaged'), name), { force: true });
      await mkdir(join(dirOf('damaged'), name));
      await using second = await startProcAgent({ dataDir });
      for (const id of ['damaged', 'well'])
        expect(await second.until(id, isReady)).toMatchObject({ adopted: true });
      expect(faultsOf(second)).toMatchObject([{ what: 'output of proc damaged' }]);
      const range = { after: 0, tail: null, maxBytes: 1000, waitMs: 0 };
      await second.ask({ type: 'read_logs', id: '', procId: 'damaged', ...range }, 'logs');
      await second.ask({ type: 'drain_host', id: '' }, 'drained');
      expect(pidsWith(mark)).toEqual([]);
    },
  );
});

test('a NUL byte in a secret is told by the name of its variable alone', async () => {
  await using agent = await startProcAgent({ dataDir });
  const command = { ...shell(':'), env: { TOKEN: 'hunter2\0' } };
  await agent.spawn([specOf('p', { command })]);
  const report = await agent.until('p', isOver);
  expect(report.status).toMatchObject({ reason: 'could not start: the value of TOKEN holds a NUL byte' });
  expect(JSON.stringify([agent.reports, agent.process.log])).not.toContain('hunter2');
});
