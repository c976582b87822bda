import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentEvent } from '../message/event.ts';
import { aKeepalive, alive, anEvent, streamingFrom } from '../testing/builders.ts';
import { Wire, wireKinds } from '../testing/wire.ts';
import type { Connection } from '../transport.ts';

describe.each(wireKinds)('over %s', (kind) => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await Wire.create(kind);
  });
  afterEach(() => wire[Symbol.asyncDispose]());

  describe('events', () => {
    const collect = (connection: Connection, count: number): Promise<number[]> =>
      new Promise((resolve) => {
        const seen: number[] = [];
        connection.onEvent(({ seq }: AgentEvent) => {
          seen.push(seq);
          if (seen.length === count) resolve(seen);
        });
      });

    test('come in order to those that asked, and to nobody else', async () => {
      const agent = await wire.serve({
        request: ({ type }) => (type === 'stream_state' ? streamingFrom(0) : alive),
      });
      const [streaming, quiet] = [await wire.connect(agent.address), await wire.connect(agent.address)];
      const events = collect(streaming, 100);
      const unasked: AgentEvent[] = [];
      quiet.onEvent((event) => unasked.push(event));
      await streaming.request({ type: 'stream_state', id: '1', after: null });
      for (let seq = 1; seq <= 100; seq += 1) agent.publish(anEvent(seq));
      expect(await events).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      await quiet.request(aKeepalive());
      expect(unasked).toEqual([]);
    });

    test('that were missed come first, and none of them twice', async () => {
      const agent = await wire.serve({
        request: () => ({ ...streamingFrom(3), replay: [anEvent(2), anEvent(3)] }),
      });
      const connection = await wire.connect(agent.address);
      const events = collect(connection, 3);
      await connection.request({ type: 'stream_state', id: '1', after: { incarnation: 'i', seq: 1 } });
      for (const seq of [3, 4]) agent.publish(anEvent(seq));
      expect(await events).toEqual([2, 3, 4]);
    });

    test('no longer reach a listener that left', async () => {
      const agent = await wire.serve({ request: () => streamingFrom(0) });
      const connection = await wire.connect(agent.address);
      const left: AgentEvent[] = [];
      connection.onEvent((event) => left.push(event))();
      const events = collect(connection, 1);
      await connection.request({ type: 'stream_state', id: '1', after: null });
      agent.publish(anEvent(1));
      expect(await events).toEqual([1]);
      expect(left).toEqual([]);
    });
  });
});
