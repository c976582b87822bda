import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyEventLog, eventsAfter, recordChanges } from './event-log.ts';

const change = { kind: 'lifecycle_changed', lifecycle: 'shutdown' } as const;
const logOf = (count: number) => recordChanges(emptyEventLog, Array<typeof change>(count).fill(change), 7)[0];

test('changes are numbered without gaps, over any number of recordings', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (batches) => {
      let log = emptyEventLog;
      const seqs: number[] = [];
      for (const count of batches) {
        const [next, events] = recordChanges(log, Array<typeof change>(count).fill(change), 7);
        seqs.push(...events.map(({ seq }) => seq));
        log = next;
      }
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect(log.lastSeq).toBe(seqs.length);
    }),
  );
});

test('a client gets exactly the events after the last that it applied', () => {
  expect(eventsAfter(logOf(5), 3)?.map(({ seq }) => seq)).toEqual([4, 5]);
  expect(eventsAfter(logOf(5), 0)).toHaveLength(5);
  expect(eventsAfter(logOf(5), 5)).toEqual([]);
  expect(eventsAfter(emptyEventLog, 0)).toEqual([]);
});

test('a client that is ahead, or behind what is kept, gets none', () => {
  expect(eventsAfter(logOf(5), 6)).toBeUndefined();
  expect(eventsAfter(logOf(1100), 75)).toBeUndefined();
  expect(eventsAfter(logOf(1100), 76)).toHaveLength(1024);
});
