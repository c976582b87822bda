import type { StopProcMeshReply } from '@hostmesh/contract';
import { aMesh, anExit, aProc, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';

const found = { 'GET /proc-meshes': page(aProcMesh()) };
const procs = 'GET /proc-meshes/pm_1/procs';

describe('a mesh or proc mesh', () => {
  test('is found by id or by its only name', async () => {
    for (const given of ['workers', 'pm_1']) {
      const { code, sent } = await runWith({ ...found, [procs]: page(aProc()) }, ['ps', given]);
      expect(code).toBe(0);
      expect(sent.at(-1)?.route).toBe(procs);
    }
    const { code, out } = await runWith({ 'GET /meshes': page(aMesh()) }, ['meshes', 'show', 'train']);
    expect([code, out.startsWith('mesh_1  train  attached')]).toEqual([0, true]);
  });

  test('of a name that others had before is the one that has not ended', async () => {
    const endedAt = aProc().since;
    const former = aProcMesh({ id: 'pm_0', state: 'stopped', endedAt });
    const answers = { 'GET /proc-meshes': page(former, aProcMesh()), [procs]: page() };
    expect((await runWith(answers, ['ps', 'workers'])).code).toBe(0);
  });

  test('of a name that several have is refused with their ids', async () => {
    const answers = { 'GET /proc-meshes': page(aProcMesh({ id: 'pm_2' }), aProcMesh()) };
    const { code, err } = await runWith(answers, ['ps', 'workers']);
    expect(code).toBe(2);
    expect(err).toContain('pm_2, pm_1');
  });

  test('that there is not is refused', async () => {
    const answers = { 'GET /proc-meshes': page(aProcMesh({ name: 'workers-too' })) };
    const { code, err } = await runWith(answers, ['wait', 'workers']);
    expect(code).toBe(2);
    expect(err).toContain('There is no proc mesh "workers"');
  });
});

describe('ps', () => {
  test('shows the procs that the filters let through, and nothing that a terminal would obey', async () => {
    const answers = { ...found, [procs]: page(aProc({ rank: 0, statusText: 'bad\u001b[2J' })) };
    const { out, err, sent } = await runWith(answers, [
      'ps',
      'workers',
      '-s',
      'Failed',
      '--ranks',
      '0..4',
      '--hosts',
      '1',
    ]);
    expect(sent.at(-1)?.query).toMatchObject({ status: 'Failed', ranks: '0..4', hosts: '1' });
    expect(err).toContain('All 4 procs run.');
    expect(out).not.toContain('All 4 procs run.');
    expect(out).toContain('bad\uFFFD[2J');
  });

  test('of all proc meshes can be those of one mesh', async () => {
    const answers = { 'GET /meshes': page(aMesh()), 'GET /procs': page(aProc()) };
    const { out, sent } = await runWith(answers, ['ps', '--mesh', 'train', '--json']);
    expect(sent.at(-1)?.query).toMatchObject({ mesh: 'mesh_1' });
    expect(JSON.parse(out)).toMatchObject({ items: [{ rank: 0 }] });
  });
});

describe('procs', () => {
  test('list tells how each stands or ended, and passes the filters on', async () => {
    const failed = aProcMesh({
      state: 'failed',
      counts: someCounts({ Failed: 3, Stopped: 1 }),
      needsAttention: true,
    });
    const answers = { 'GET /proc-meshes': page(failed) };
    const { out, sent } = await runWith(answers, ['procs', 'list', '--state', 'failed', '--attention']);
    expect(sent.at(-1)?.query).toMatchObject({ state: 'failed', attention: 'true' });
    expect(out).toMatch(/failed, 3 of 4 +needed/);
    expect((await runWith(answers, ['procs', 'list', '--state', 'sunk'])).code).toBe(2);
  });

  test('seen says so to the API', async () => {
    const seen = 'POST /proc-meshes/pm_1/seen';
    const { code, sent } = await runWith({ ...found, [seen]: () => aProcMesh() }, ['procs', 'seen', 'pm_1']);
    expect([code, sent.at(-1)?.route]).toEqual([0, seen]);
  });
});

describe('wait', () => {
  const wait = (answers: object, ...args: string[]) =>
    runWith({ ...found, ...answers }, ['wait', 'workers', ...args]);
  const state = (given: Parameters<typeof aProcMesh>[0]) => ({
    'GET /proc-meshes/pm_1': () => aProcMesh(given),
  });

  test('ends with 0 when all procs exited with 0', async () => {
    const answers = {
      ...state({ counts: someCounts({ Stopped: 2 }) }),
      [procs]: page(anExit(0, 0), anExit(1, 0)),
    };
    expect((await wait(answers)).code).toBe(0);
  });

  test('with a timeout that is longer than a timer holds does not give up', async () => {
    let looks = 0;
    const answers = {
      ...state({ counts: someCounts({ Failed: 1 }) }),
      [procs]: () => {
        looks += 1;
        return looks < 20 ? problem(503, 'shutting_down') : page(anExit(0, 6))();
      },
    };
    for (const timeout of ['30d', '365d']) expect((await wait(answers, '--timeout', timeout)).code).toBe(6);
  });

  test.each(['366d', '-1s', 'NaN', '1e9s', '30'])('refuses a timeout of %s', async (timeout) => {
    const { code, err, sent } = await wait({}, `--timeout=${timeout}`);
    expect([code, sent]).toEqual([2, []]);
    expect(err).toContain('--timeout');
  });

  test('goes on while a restart is due', async () => {
    let looks = 0;
    const answers = {
      ...state({ counts: someCounts({ Failed: 1 }) }),
      [procs]: () => {
        looks += 1;
        const nextRestartAt = looks === 1 ? aProc().since : null;
        const end = looks === 1 ? null : ('failed' as const);
        return { items: [{ ...anExit(0, 6), nextRestartAt, end }], nextCursor: null };
      },
    };
    expect((await wait(answers)).code).toBe(6);
    expect(looks).toBeGreaterThan(1);
  });

  test('goes on when a proc was restarted after its proc mesh was read', async () => {
    let looks = 0;
    const answers = {
      ...state({ counts: someCounts({ Failed: 1 }) }),
      [procs]: () => {
        looks += 1;
        return page(looks === 1 ? aProc() : anExit(0, 6))();
      },
    };
    expect((await wait(answers)).code).toBe(6);
  });

  test.each([401, 403])('ends with 3 when the API answers %i', async (status) => {
    const refused = { 'GET /proc-meshes/pm_1': () => problem(status, 'unauthenticated') };
    for (const until of ['running', 'ended']) {
      const running = aProcMesh({ readyAt: null });
      const answers = { 'GET /proc-meshes': page(running), ...refused };
      const { code, err } = await runWith(answers, ['wait', 'workers', '--until', until]);
      expect(code).toBe(3);
      expect(err).toContain('because of unauthenticated');
    }
  });

  test('goes on when the API does not answer for a while', async () => {
    let looks = 0;
    const answers = {
      ...state({ counts: someCounts({ Failed: 1 }) }),
      [procs]: () => {
        looks += 1;
        return looks === 1 ? problem(503, 'shutting_down') : page(anExit(0, 6))();
      },
    };
    expect((await wait(answers)).code).toBe(6);
  });

  test('names a rank when it fails, once, while the others go on', async () => {
    let looks = 0;
    const answers = {
      'GET /proc-meshes/pm_1': () => {
        looks += 1;
        const hasEnded = looks > 2;
        const ends = { succeeded: hasEnded ? 1 : 0, failed: 1, stopped: 0, lost: 0 };
        return aProcMesh({ ends, ...(hasEnded && { state: 'failed', endedAt: aProc().since }) });
      },
    };
    const { code, err } = await runWith(
      {
        ...found,
        ...answers,
        [procs]: ({ query }) =>
          query['status'] === 'Failed' ? page(anExit(1, 3))() : page(anExit(0, 0), anExit(1, 3))(),
      },
      ['wait', 'workers'],
    );
    expect(code).toBe(3);
    expect(err.match(/rank 1 on tcp:10.0.0.1:26600: exited with code 3/g)).toHaveLength(1);
  });

  test('ends with 125 when a proc mesh has ended and nobody knows how a proc did', async () => {
    const ended = {
      state: 'lost' as const,
      endedAt: aProc().since,
      counts: someCounts({ Stopped: 1, Unknown: 1 }),
    };
    const answers = {
      ...state(ended),
      [procs]: page(anExit(0, 0), aProc({ rank: 1, status: 'Unknown', end: 'lost' })),
    };
    expect((await wait(answers)).code).toBe(125);
  });

  test('ends with 124 at its timeout, and says that the procs go on', async () => {
    const { code, err } = await wait(state({}), '--timeout', '1ms');
    expect(code).toBe(124);
    expect(err).toContain('The procs go on');
  });

  test('until running is over as soon as every rank was ready', async () => {
    expect((await wait(state({}), '--until', 'running')).code).toBe(0);
  });

  test('of a failed spawn ends as the first rank did that made it fail', async () => {
    const failed = {
      state: 'spawn_failed' as const,
      readyAt: null,
      endedAt: aProc().since,
      failures: [anExit(1, 9)],
    };
    const answers = {
      ...state(failed),
      [procs]: page(aProc({ rank: 0, status: 'Stopped', signal: 'SIGTERM' }), anExit(1, 9)),
    };
    expect((await wait(answers)).code).toBe(9);
  });

  test.each([
    ['--until', 'tomorrow'],
    ['--timeout', 'soon'],
  ])('refuses %s %s', async (...args) => {
    expect((await wait({}, ...args)).code).toBe(2);
  });
});

describe('stop', () => {
  const stop = 'POST /proc-meshes/pm_1/stop';
  const reply = (...outcomes: StopProcMeshReply['outcomes']): StopProcMeshReply => ({
    procMesh: aProcMesh({ state: 'stopped' }),
    outcomes,
  });
  const outcome = (rank: number, given: Partial<StopProcMeshReply['outcomes'][number]> = {}) => ({
    id: `proc-${rank}`,
    rank,
    hostRank: rank,
    hostAddress: `tcp:10.0.0.${rank}:26600`,
    endedBy: 'SIGKILL',
    outcome: 'stopped' as const,
    message: 'its whole group is gone',
    ...given,
  });

  test('passes the selection on, and says which step ended how many', async () => {
    const answers = { ...found, [stop]: () => reply(outcome(0), outcome(1)) };
    const { code, out, sent } = await runWith(answers, [
      'stop',
      'workers',
      '--ranks',
      '0..2',
      '--step',
      '1s',
    ]);
    expect(code).toBe(0);
    expect(sent.at(-1)?.body).toEqual({ ranks: '0..2', step: '1s' });
    expect(out).toContain('2 of 2 procs have ended');
    expect(out).toContain('2 ended by SIGKILL');
  });

  test('procs that ended when they were asked are not called ended by a signal', async () => {
    const answers = { ...found, [stop]: () => reply(outcome(0, { endedBy: 'asked' })) };
    expect((await runWith(answers, ['stop', 'workers'])).out).toContain('1 ended when asked');
  });

  test('ends with 1 unless every proc is known to have ended', async () => {
    const lost = outcome(1, { outcome: 'unreachable', endedBy: null, message: 'its host does not answer' });
    const { code, out } = await runWith({ ...found, [stop]: () => reply(outcome(0), lost) }, [
      'stop',
      'workers',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('rank 1 on tcp:10.0.0.1:26600: its host does not answer');
    const procFailures = [aProc({ rank: 1, statusText: 'stopping' })];
    const refused = { ...found, [stop]: () => problem(424, 'stop_incomplete', { procFailures }) };
    const incomplete = await runWith(refused, ['stop', 'workers']);
    expect(incomplete.code).toBe(1);
    expect(incomplete.err).toContain('rank 1 on tcp:10.0.0.1:26600: stopping');
  });

  test('counts a proc that its host never had as gone', async () => {
    const unsent = outcome(1, { outcome: 'not_known', endedBy: null, message: 'was not asked for it' });
    const answers = { ...found, [stop]: () => reply(outcome(0), unsent) };
    const { code, out } = await runWith(answers, ['stop', 'workers']);
    expect(code).toBe(0);
    expect(out).toContain('2 of 2 procs have ended');
    expect(out).toContain('1 not known');
  });

  test('of a host mesh is refused with the command that gives its hosts back', async () => {
    const answers = { 'GET /proc-meshes': page(), 'GET /meshes': page(aMesh()) };
    const { code, err, sent } = await runWith(answers, ['stop', 'train']);
    expect(code).toBe(2);
    expect(err).toContain('hostmesh meshes stop train');
    expect(sent.every(({ route }) => route.startsWith('GET'))).toBe(true);
  });
});

test('an address of the API that is none is refused', async () => {
  const { code, err, sent } = await runWith({}, ['--api', 'localhost:4600', 'ps']);
  expect(code).toBe(2);
  expect(err).toContain('"localhost:4600"');
  expect(sent).toEqual([]);
});
