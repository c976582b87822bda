import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOver, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { specOf } from './testing/proc-fixtures.ts';

let agent: ProcAgent;
beforeAll(async () => {
  agent = await startProcAgent({ env: { SECRET: 'hunter2', LANG: 'C.UTF-8' } });
});
afterAll(() => agent[Symbol.asyncDispose]());

const final = (procId: string) => agent.until(procId, isOver);
const kinds = (procId: string) =>
  agent.reports.filter((report) => report.procId === procId).map(({ status }) => status.kind);

describe('what cannot be started has failed by saying why, and bothers nobody else', () => {
  test.each([
    [
      'no-program',
      { program: 'no-such-program' },
      `could not start: no program 'no-such-program' on this host in PATH=${process.env.PATH} (the agent's)`,
      'not_found',
    ],
    [
      'relative',
      { program: './x' },
      expect.stringMatching(/^could not start: no program '.*work\/x' on this host$/),
      'not_found',
    ],
    [
      'no-right',
      { program: '/etc/passwd' },
      expect.stringMatching(/^could not start: '\/etc\/passwd' cannot be executed .*chmod/),
      'not_executable',
    ],
    ['no-cwd', { cwd: '/nowhere' }, "could not start: no directory '/nowhere' on this host", 'no_cwd'],
    [
      'own-path',
      { program: 'sleep', env: { PATH: '/nowhere' } },
      "could not start: no program 'sleep' on this host in PATH=/nowhere (the command's own)",
      'not_found',
    ],
  ])('%s', async (procId, changes, reason, startFault) => {
    const restart = { policy: 'always', limit: 9, backoffMs: 1, maxBackoffMs: 1, resetAfterMs: 1 } as const;
    await agent.spawn([specOf(procId, { command: { ...specOf('x').command, ...changes }, restart })]);
    const expected = { status: { kind: 'Failed', reason }, startFault, pid: null, restarts: { count: 0 } };
    expect(await final(procId)).toMatchObject(expected);
    expect(kinds(procId)).toEqual(['Starting', 'Failed']);
  });

  test('a file is looked at before each start: what has become of it meanwhile is never run by a shell', async () => {
    const file = join(agent.process.dataDir, 'replaced');
    await writeFile(file, `#!/bin/sh\necho first\nprintf 'echo by a shell' > '${file}'\nexit 1\n`, {
      mode: 0o755,
    });
    const command = { ...specOf('x').command, program: file };
    const restart = {
      policy: 'on_failure',
      limit: 5,
      backoffMs: 1,
      maxBackoffMs: 1,
      resetAfterMs: 1,
    } as const;
    await agent.spawn([specOf('replaced', { command, restart })]);
    expect(await final('replaced')).toMatchObject({
      status: { kind: 'Failed', reason: expect.stringContaining('has no interpreter line') },
      startFault: 'exec_format',
      restarts: { count: 0, nextAt: null },
    });
    expect(await agent.stdout('replaced')).toEqual(['first']);
  });

  test('a file that is being written is a fault of the start and no run, whatever was to execute it', async () => {
    const file = join(agent.process.dataDir, 'busy');
    await copyFile('/bin/true', file);
    const writing = await open(file, 'r+');
    await agent.spawn([specOf('busy', { command: { ...specOf('x').command, program: file } })]);
    expect(await final('busy')).toMatchObject({
      status: { kind: 'Failed', reason: expect.stringMatching(/^could not start: .*Text file busy/) },
      startFault: 'not_started',
      exit: null,
    });
    await writing.close();
  });

  test('a program is found in the PATH of its command, or from the directory where that starts', async () => {
    const cwd = join(agent.process.dataDir, 'tools');
    await mkdir(cwd);
    await writeFile(join(cwd, 'own-tool'), '#!/bin/sh\necho "$0"\n', { mode: 0o755 });
    const { args, arg0 } = specOf('x').command;
    await agent.spawn([
      specOf('by-path', {
        command: { program: 'own-tool', args, arg0, env: { PATH: `${cwd}:/bin` }, cwd: null, runAs: null },
      }),
      specOf('by-cwd', { command: { program: './own-tool', args, arg0, env: {}, cwd, runAs: null } }),
    ]);
    for (const procId of ['by-path', 'by-cwd']) {
      expect(await final(procId)).toMatchObject({ status: { exitCode: 0 } });
      expect(await agent.stdout(procId)).toEqual([join(cwd, 'own-tool')]);
    }
  });
});
