import { anAttempt } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { runWith } from '../testing/stand-in-api.ts';

const failedAt = '2026-11-01T10:00:00.000Z';
const counts = {
  total: 2,
  installed: 1,
  failed: 1,
  pending: 0,
  restoring: 1,
  restored: 0,
  residue: 0,
  withoutEffect: 0,
  keysWithoutEffect: 0,
};
const restoring = anAttempt({ state: 'failed', decidedAt: failedAt, finishedAt: null, counts });
const settled = anAttempt({
  state: 'failed',
  decidedAt: failedAt,
  finishedAt: failedAt,
  counts: { ...counts, restoring: 0, residue: 1 },
  summary: '1 host may still hold it.',
});
const read = `GET /attach-attempts/${restoring.id}`;

/** Answers one after the other, and the last one again and again. */
const inTurn = (...answers: readonly object[]) => {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
};

test('an attach comes back when it is known what is left on hosts, and its exit code tells', async () => {
  const started = anAttempt({ state: 'running' });
  const answers = { 'POST /attach-attempts': () => started, [read]: inTurn(started, restoring, settled) };
  const { code, out } = await runWith(answers, ['attach', 'train', 'tcp:a:1']);
  expect(code).toBe(4);
  expect(out).toContain('1 host may still hold it.');
});

test('the hasty get the verdict, and are told that something is not known yet', async () => {
  const answers = { 'POST /attach-attempts': () => restoring };
  const { code, err } = await runWith(answers, ['attach', 'train', 'tcp:a:1', '--no-wait-cleanup']);
  expect(code).toBe(4);
  expect(err).toContain(`not known yet: hostmesh attempts wait ${restoring.id}`);
});

test('what hosts never tell is waited for no longer than a while', async () => {
  const { code, err, sent } = await runWith({ [read]: () => restoring }, ['attempts', 'wait', restoring.id]);
  expect(code).toBe(4);
  expect(err).toContain('not known yet');
  expect(sent.length).toBeLessThan(20);
});
