import { Proc, ProcMeshView, StopProcMeshReply } from '@hostmesh/contract';
import { hostmesh } from '../stack/hostmesh.ts';
import { expect, test } from '../stack/story.ts';

test('run, ps, logs, wait and stop do from a shell what the console does', async ({
  stack,
  attachAgents,
}) => {
  const { meshId } = await attachAgents('cli-procs', 2);
  const program = 'echo "rank $HOSTMESH_RANK"; exec sleep 600';
  const ran = await hostmesh(stack, [
    '--json',
    'run',
    '-p',
    'gpus=2',
    '-n',
    'cli',
    meshId,
    '--',
    'sh',
    '-c',
    program,
  ]);
  expect(ran).toMatchObject({ code: 0 });
  const procMesh = ProcMeshView.parse(JSON.parse(ran.out));
  expect(procMesh).toMatchObject({ state: 'running', counts: { total: 4, Running: 4 } });

  const listed = await hostmesh(stack, ['--json', 'ps', procMesh.id]);
  const procs = Proc.array().parse(JSON.parse(listed.out));
  expect(procs.map(({ rank, status }) => [rank, status])).toEqual(
    [0, 1, 2, 3].map((rank) => [rank, 'Running']),
  );
  const logs = await hostmesh(stack, ['logs', '--ranks', '1..3', procMesh.id]);
  expect(
    logs.out
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .sort(),
  ).toEqual(['[1] rank 1', '[2] rank 2']);

  const waiting = hostmesh(stack, ['wait', procMesh.id]);
  const stopped = await hostmesh(stack, ['--json', 'stop', procMesh.id]);
  expect(stopped).toMatchObject({ code: 0 });
  expect(StopProcMeshReply.parse(JSON.parse(stopped.out)).outcomes.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 4 }, () => 'stopped'),
  );
  expect(await waiting).toMatchObject({ code: 143 });
});

test('the exit code follows the procs, and a spawn that fails names the rank and its stderr', async ({
  stack,
  attachAgents,
}) => {
  const { meshId } = await attachAgents('cli-exit', 2);
  const run = (...args: string[]) => hostmesh(stack, ['run', ...args]);
  expect(await run('--wait', meshId, '--', 'true')).toMatchObject({ code: 0 });
  const slow = 'sleep 1; exit $((HOSTMESH_RANK * 3))';
  expect(await run('--wait', meshId, '--', 'sh', '-c', slow)).toMatchObject({ code: 3 });
  const failed = await run(
    meshId,
    '--',
    'sh',
    '-c',
    'test $HOSTMESH_RANK = 0 && exec sleep 600; echo oh no >&2; exit 9',
  );
  expect(failed.code).not.toBe(0);
  expect(failed.out + failed.err).toMatch(/rank 1 on .*: exited with code 9\n\s+oh no/);
});
