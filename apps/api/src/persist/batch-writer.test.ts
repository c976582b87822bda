import { fail, ok } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { BatchWriter } from './batch-writer.ts';

interface Row {
  rank: number;
  value: string;
}

/** Of a test in which nothing is to fail. */
const onError = () => expect.unreachable();

describe('BatchWriter', () => {
  test('after a flush the latest row of every host is recorded, one batch at a time', async () => {
    const stored = new Map<number, string>();
    let inFlight = 0;
    let batches = 0;
    const writer = new BatchWriter<Row>({
      intervalMs: 1,
      onError,
      keyOf: ({ rank }) => rank,
      onLost: () => expect.unreachable(),
      save: async (rows) => {
        expect(++inFlight).toBe(1);
        batches += 1;
        await new Promise((resolve) => setImmediate(resolve));
        for (const { rank, value } of rows) stored.set(rank, value);
        inFlight -= 1;
        return ok(undefined);
      },
    });
    for (let round = 0; round < 50; round += 1) {
      writer.add(Array.from({ length: 100 }, (_, rank) => ({ rank, value: `v${round}` })));
      if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await writer.flush(1000)).toEqual(ok(undefined));
    expect(stored.size).toBe(100);
    expect(new Set(stored.values())).toEqual(new Set(['v49']));
    expect(batches).toBeLessThan(10);
  });

  test('catching up records what was added before, and does not wait for rows that never cease', async () => {
    const stored: number[] = [];
    const writer: BatchWriter<number> = new BatchWriter<number>({
      intervalMs: 60_000,
      maxBatch: 10,
      onError,
      onLost: () => expect.unreachable(),
      save: async (rows) => {
        // Each batch brings as many new rows as it takes away.
        writer.add(rows.map((row) => row + 100));
        stored.push(...rows);
        return ok(undefined);
      },
    });
    const added = Array.from({ length: 25 }, (_, index) => index);
    writer.add(added);
    expect(await writer.catchUp(1000)).toEqual(ok(undefined));
    expect(stored).toEqual(expect.arrayContaining(added));
    writer.stop();
  });

  test('rows survive a database that fails for a while, and newer ones win', async () => {
    const stored = new Map<number, string>();
    let failures = 1;
    let errors = 0;
    const writer: BatchWriter<Row> = new BatchWriter<Row>({
      intervalMs: 60_000,
      onError: () => (errors += 1),
      keyOf: ({ rank }) => rank,
      onLost: () => expect.unreachable(),
      save: async (rows) => {
        if (failures-- > 0) {
          writer.add([{ rank: 0, value: 'new' }]);
          throw new Error('no connection');
        }
        for (const { rank, value } of rows) stored.set(rank, value);
        return ok(undefined);
      },
    });
    writer.add([
      { rank: 0, value: 'old' },
      { rank: 1, value: 'old' },
    ]);
    expect((await writer.flush(5000)).ok).toBe(true);
    expect(Object.fromEntries(stored)).toEqual({ 0: 'new', 1: 'old' });
    expect(errors).toBe(1);
    writer.stop();
  });

  test('a flush says that a database stays away, within its limit', async () => {
    const writer = new BatchWriter<Row>({
      onError: () => undefined,
      onLost: () => expect.unreachable(),
      save: async () => {
        throw new Error('no connection');
      },
    });
    writer.add([{ rank: 0, value: 'a' }]);
    expect(await writer.flush(0)).toMatchObject({ ok: false, fault: { code: 'database_unavailable' } });
    writer.stop();
  });

  test('once the work was taken over nothing more is written', async () => {
    let calls = 0;
    let lost = 0;
    const writer = new BatchWriter<Row>({
      onError,
      onLost: () => (lost += 1),
      save: async () => {
        calls += 1;
        return fail({ code: 'lease_lost', message: 'taken over' });
      },
    });
    writer.add([{ rank: 0, value: 'a' }]);
    expect(await writer.flush(1000)).toMatchObject({ ok: false, fault: { code: 'lease_lost' } });
    writer.add([{ rank: 1, value: 'b' }]);
    await writer.flush(1000);
    expect({ calls, lost }).toEqual({ calls: 1, lost: 1 });
  });

  test('without a key every row is recorded, in the order in which they came', async () => {
    const stored: string[] = [];
    const writer = new BatchWriter<Row>({
      intervalMs: 1,
      maxBatch: 7,
      onError,
      onLost: () => expect.unreachable(),
      save: async (rows) => {
        await new Promise((resolve) => setImmediate(resolve));
        stored.push(...rows.map(({ value }) => value));
        return ok(undefined);
      },
    });
    const values = Array.from({ length: 100 }, (_, index) => `v${index}`);
    for (const value of values) {
      writer.add([{ rank: 0, value }]);
      if (value.endsWith('3')) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await writer.flush(1000)).ok).toBe(true);
    expect(stored).toEqual(values);
  });

  test('a row that the database refuses is dropped and told of; the others are recorded', async () => {
    const stored: number[] = [];
    const dropped: number[] = [];
    const writer = new BatchWriter<Row>({
      onError: (_, rows) => dropped.push(...rows.map(({ rank }) => rank)),
      onLost: () => expect.unreachable(),
      save: async (rows) => {
        if (rows.some(({ value }) => value === 'poison')) throw new Error('refused');
        stored.push(...rows.map(({ rank }) => rank));
        return ok(undefined);
      },
    });
    const ranks = Array.from({ length: 20 }, (_, rank) => rank);
    writer.add(ranks.map((rank) => ({ rank, value: rank === 13 || rank === 4 ? 'poison' : 'good' })));
    expect((await writer.flush(10_000)).ok).toBe(true);
    expect(dropped).toEqual([4, 13]);
    expect(stored).toEqual(ranks.filter((rank) => rank !== 4 && rank !== 13));
    writer.stop();
  });

  test('a failing save is tried again by itself, and its failures are told less and less often', async () => {
    let saves = 0;
    let told = 0;
    const saved = Promise.withResolvers<void>();
    const writer = new BatchWriter<Row>({
      intervalMs: 1,
      onError: () => (told += 1),
      onLost: () => expect.unreachable(),
      save: async () => {
        saves += 1;
        if (saves < 20) throw new Error('Connection terminated');
        saved.resolve();
        return ok(undefined);
      },
    });
    writer.add([{ rank: 0, value: 'a' }]);
    await saved.promise;
    expect(told).toBe(5);
    writer.stop();
  });

  test('what waits for a database that stays away is bounded', () => {
    const dropped: number[] = [];
    const writer = new BatchWriter<Row>({
      maxWaiting: 3,
      onError: (_, rows) => dropped.push(...rows.map(({ rank }) => rank)),
      onLost: () => expect.unreachable(),
      save: async () => ok(undefined),
    });
    for (const rank of [0, 1, 2, 3, 4]) writer.add([{ rank, value: 'a' }]);
    writer.stop();
    expect(dropped).toEqual([0, 1]);
  });
});
