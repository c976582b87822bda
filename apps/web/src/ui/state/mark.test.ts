import {
  attemptStates,
  configPushFailureKinds,
  EndOutcome,
  hostHealths,
  hostStates,
  meshStates,
  ProcStatusName,
  Restore,
  stateWord,
  StopOutcome,
} from '@hostmesh/contract';
import { describe, expect, test } from 'vitest';
import {
  attemptMarks,
  endOutcomeMarks,
  failureMark,
  failureMarks,
  healthMarks,
  hostResultMark,
  hostStateMarks,
  meshMarks,
  procMarks,
  restoreMarks,
  stopOutcomeMarks,
} from './mark.ts';

/** What is said better than by its code. */
const ownWords: Record<string, string> = {
  pending: restoreMarks.pending.word,
  already_ended: stopOutcomeMarks.already_ended.word,
  not_known: stopOutcomeMarks.not_known.word,
};

describe('every state of the contract has a mark, and no mark is left over', () => {
  test.each([
    ['attempt', attemptStates, attemptMarks],
    ['host of an attempt', hostStates, hostStateMarks],
    ['mesh', meshStates, meshMarks],
    ['host of a mesh', hostHealths, healthMarks],
    ['failure', configPushFailureKinds, failureMarks],
    ['restore', Restore.options.map((option) => option.shape.kind.value), restoreMarks],
    ['proc', ProcStatusName.options, procMarks],
    ['stop of a proc', StopOutcome.shape.outcome.options, stopOutcomeMarks],
    ['end of a mesh', EndOutcome.shape.outcome.options, endOutcomeMarks],
  ])('%s', (_, states, marks) => {
    expect(Object.keys(marks).sort()).toEqual([...states].sort());
    const words = Object.values(marks).map(({ word }) => word);
    // The command line says the same of each: see `apps/cli/src/output/words.test.ts`.
    for (const [state, { word }] of Object.entries(marks))
      if (ownWords[state] === undefined && !/[A-Z]/.test(state)) expect(word).toBe(stateWord(state));
    expect(new Set(words).size).toBe(words.length);
  });
});

test('each of the eight statuses of a proc has a look of its own', () => {
  expect(new Set(Object.values(procMarks).map(({ tone }) => tone)).size).toBe(8);
});

test('a timeout does not look like a failure', () => {
  const failure = { kind: 'ReplyTimedOut', message: '', phase: 'connecting', afterMs: 10 } as const;
  expect(hostResultMark({ state: 'failed', failure, restore: null }).tone).toBe('timeout');
});

test('a failure of a kind from the future is shown under its own name', () => {
  // What a newer server may send.
  const failure = { kind: 'Vaporised' } as unknown as Parameters<typeof failureMark>[0];
  expect(failureMark(failure)).toEqual({ tone: 'failed', word: 'Vaporised' });
});

test('a host that was rolled back, or is to be, does not look installed', () => {
  const restore = { kind: 'restored', lateInstall: false } as const;
  expect(hostResultMark({ state: 'installed', failure: null, restore }).tone).toBe('ended');
  expect(hostResultMark({ state: 'installed', failure: null, restore: { kind: 'pending' } }).tone).toBe(
    'moving',
  );
  const residue = { kind: 'residue', reason: 'no answer' } as const;
  expect(hostResultMark({ state: 'installed', failure: null, restore: residue }).tone).toBe('failed');
  expect(hostResultMark({ state: 'installed', failure: null, restore: null }).tone).toBe('good');
});
