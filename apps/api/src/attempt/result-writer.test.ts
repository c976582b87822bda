import { fail, ok } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { ResultWriter } from './result-writer.ts';

interface Row {
  rank: number;
  value: string;
}

describe('ResultWriter', () => {
  test('after a flush the latest row of every host is recorded, one batch at a time', async () => {
    const stored = new Map<number, string>();
    let inFlight = 0;
    let batches = 0;
    const writer = new ResultWriter<Row>({
      intervalMs: 1,
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

  test('rows survive a database that fails for a while, and newer ones win', async () => {
    const stored = new Map<number, string>();
    let failures = 1;
    const writer: ResultWriter<Row> = new ResultWriter<Row>({
      intervalMs: 60_000,
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
    writer.stop();
  });

  test('a flush says that a database stays away, within its limit', async () => {
    const writer = new ResultWriter<Row>({
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
    const writer = new ResultWriter<Row>({
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
});
