import {
  attemptStates,
  hostHealths,
  hostStates,
  lifecycleText,
  meshStandingWord,
  meshStates,
  stateWord,
  type PreflightVerdict,
} from '@hostmesh/contract';
import { aMesh, aMeshHost, anAttempt, aPreflight, aResult } from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';

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

  test.each(hostStates)('of a host of an attempt that is %s', async (state) => {
    const answers = { 'GET /attach-attempts/att_1/hosts': page(aResult({ state })) };
    expect((await runWith(answers, ['attempts', 'hosts', 'att_1'])).out).toContain(stateWord(state));
  });

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
