import {
  AttemptKind,
  attemptStates,
  ConfigPushFailure,
  configPushFailureKinds,
  EndMeshReply,
  EndOutcome,
  hostHealths,
  hostResultWord,
  hostStates,
  lifecycleText,
  meshStandingWord,
  meshStates,
  procMeshStanding,
  procMeshStates,
  ProcStatusName,
  procText,
  Restore,
  restoreWords,
  stateWord,
  StopOutcome,
  stopOutcomeWords,
  type PreflightVerdict,
} from '@hostmesh/contract';
import {
  aMesh,
  aMeshHost,
  anAttempt,
  aPreflight,
  aProc,
  aProcMesh,
  aResult,
  someCounts,
} from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';
import { stopText } from './proc-text.ts';

// The words are those of the contract, which the dashboard takes, too: see `apps/web/src/ui/state/mark.test.ts`.
describe('a terminal says what a page says', () => {
  test.each(attemptStates)('of an attempt that is %s', async (state) => {
    const attempt = anAttempt({ state, summary: 'What the API says of it.' });
    const shown = await runWith({ 'GET /attach-attempts/att_1': () => attempt }, [
      'attempts',
      'show',
      'att_1',
    ]);
    expect(shown.out).toContain(attempt.summary);
    const listed = await runWith({ 'GET /attach-attempts': page(attempt) }, ['attempts', 'list']);
    expect(listed.out).toContain(stateWord(state));
  });

  test.each(AttemptKind.options.flatMap((kind) => attemptStates.map((state) => [kind, state] as const)))(
    'of an attempt of kind %s that is %s',
    async (kind, state) => {
      const counts = { ...anAttempt().counts, restoring: 1 };
      const attempt = anAttempt({ kind, state, counts, summary: 'What the API says of it.' });
      const { out } = await runWith({ 'GET /attach-attempts/att_1': () => attempt }, [
        'attempts',
        'show',
        'att_1',
      ]);
      expect(out).toContain(attempt.summary);
      expect(out).toContain(stateWord(state));
    },
  );

  const failures = configPushFailureKinds.map((kind) => {
    const fields = {
      message: 'why',
      code: 'own_limit',
      phase: 'connecting',
      afterMs: 1,
      expected: 'a',
      actual: 'b',
    };
    return ConfigPushFailure.parse({ kind, ...fields });
  });
  const restores = Restore.options.map((option) =>
    Restore.parse({ kind: option.shape.kind.value, lateInstall: false, reason: 'why' }),
  );
  const results = [
    ...hostStates.map((state) => aResult({ state })),
    ...failures.map((failure) => aResult({ state: 'failed', failure })),
    ...restores.map((restore) => aResult({ state: 'installed', restore })),
  ];
  test.each(results.map((result) => [hostResultWord(result), result] as const))(
    'of a host of an attempt: %s',
    async (word, result) => {
      const answers = { 'GET /attach-attempts/att_1/hosts': page(result) };
      const { out } = await runWith(answers, ['attempts', 'hosts', 'att_1']);
      expect(out).toContain(word);
      if (result.failure !== null) expect(out).toContain(result.failure.message);
      if (result.restore !== null) expect(out).toContain(restoreWords[result.restore.kind]);
    },
  );

  const standings = procMeshStates.flatMap((state) =>
    // Well, partly failed, not heard of: what is told of each is the contract's.
    [{}, { Running: 3, Failed: 1 }, { Running: 3, Unknown: 1 }].map((counts) =>
      aProcMesh({ state, counts: someCounts(counts), summary: 'What the API says of it.' }),
    ),
  );
  test.each(standings.map((procMesh) => [procMeshStanding(procMesh).word, procMesh] as const))(
    'of a proc mesh: %s',
    async (word, procMesh) => {
      for (const args of [
        ['procs', 'list'],
        ['procs', 'show', 'pm_1'],
      ]) {
        const { out } = await runWith(
          { 'GET /proc-meshes': page(procMesh), 'GET /proc-meshes/pm_1': () => procMesh },
          args,
        );
        expect(out).toContain(word);
        expect(out).toContain(procMesh.summary);
      }
    },
  );

  test.each(ProcStatusName.options)('of a proc that is %s', async (status) => {
    const proc = aProc({ status });
    const answers = { 'GET /proc-meshes': page(aProcMesh()), 'GET /procs': page(proc) };
    const { out } = await runWith(answers, ['ps']);
    expect(out).toContain(status);
    expect(out).toContain(procText(proc));
  });

  test.each(StopOutcome.shape.outcome.options)('of a proc that answered %s to a stop', (outcome) => {
    const told = { ...aProc(), outcome, endedBy: null, message: 'why' };
    const text = stopText({ procMesh: aProcMesh(), outcomes: [StopOutcome.parse(told)] });
    expect(text).toContain(outcome === 'stopped' ? 'ended by itself' : stopOutcomeWords[outcome]);
  });

  test.each(EndOutcome.shape.outcome.options)(
    'of a host that answered %s to the end of its mesh',
    async (outcome) => {
      const none = { procMeshes: [], procMeshesTotal: 0, procs: 0, hostsLetGo: [], hostsLetGoTotal: 0 };
      const ended = EndMeshReply.parse({
        ends: { meshId: 'mesh_1', mesh: 'train', ...none },
        others: null,
        mesh: aMesh({ state: 'stopped' }),
        outcomes: [{ rank: 0, address: 'tcp:a:1', hostId: null, outcome, message: 'why' }],
      });
      const answers = { 'GET /meshes': page(aMesh()), 'POST /meshes/mesh_1/stop': () => ended };
      const { out } = await runWith(answers, ['meshes', 'stop', 'train']);
      if (outcome !== 'done') expect(out).toContain(`${stateWord(outcome)}: why`);
    },
  );

  test.each(meshStates)('of a mesh that is %s', async (state) => {
    const unwell = { ...aMesh().hosts, healthy: 3, configLost: 1 };
    for (const mesh of [aMesh({ state }), aMesh({ state, hosts: unwell })]) {
      const { out } = await runWith({ 'GET /meshes': page(mesh) }, ['meshes', 'show', 'mesh_1']);
      expect(out).toContain(meshStandingWord(mesh));
      expect(out).toContain(mesh.summary);
    }
  });

  test.each(hostHealths)('of a host of a mesh that is %s', async (health) => {
    const host = aMeshHost({ health, lifecycle: 'detached', reason: 'because' });
    const answers = { 'GET /meshes': page(aMesh()), 'GET /meshes/mesh_1/hosts': page(host) };
    const { out } = await runWith(answers, ['hosts', 'train']);
    for (const word of [stateWord(health), lifecycleText('detached'), 'because']) expect(out).toContain(word);
    expect(out).not.toContain('detached');
  });

  test.each([
    ['would_fail', 1],
    ['warnings', 0],
    ['fine', 0],
  ] as const)('of a preflight that is judged %s, and ends with %i', async (kind, code) => {
    const verdict: PreflightVerdict = { kind, summary: 'The verdict.', sentences: ['Why so.', 'And that.'] };
    const ran = await runWith({ 'POST /preflight': () => aPreflight({ verdict }) }, [
      'attach',
      'train',
      'tcp:a:1',
      '--preflight',
    ]);
    expect(ran.code).toBe(code);
    for (const sentence of [verdict.summary, ...verdict.sentences]) expect(ran.out).toContain(sentence);
    // What is wrong comes first.
    expect(ran.out.indexOf('tcp:10.0.0.1:26600')).toBeLessThan(ran.out.indexOf('tcp:10.0.0.0:26600'));
  });

  test('of an attempt that would cost others something: what, and how to go on', async () => {
    const detail = 'In its place, 1 proc of w ends.';
    const refusal = () => problem(409, 'mesh_exists', { detail });
    const { code, err } = await runWith({ 'POST /attach-attempts': refusal }, ['attach', 'train', 'tcp:a:1']);
    expect(code).toBe(2);
    expect(err).toContain(detail);
    expect(err).toContain('--replace');
    const going = await runWith({ 'POST /attach-attempts': () => anAttempt({ state: 'attached' }) }, [
      'attach',
      'train',
      'tcp:a:1',
      '--replace',
      '--take-over',
    ]);
    expect(going.sent[0]?.body).toMatchObject({ replace: true, takeOver: true });
  });
});
