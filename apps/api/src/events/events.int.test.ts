import { createClient, followEvents } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, type TestApi } from '../testing/test-api.ts';
import { TEST_TOKEN } from '../testing/test-server.ts';

/** Everything that a client has been told, as it comes in. */
function follow(baseUrl: string, filter: { attempt?: string; mesh?: string } = {}) {
  const events: ApiEvent[] = [];
  const live = Promise.withResolvers<void>();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const done = followEvents(createClient({ baseUrl, token: TEST_TOKEN }), {
    filter,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => state.kind === 'live' && live.resolve(),
  });
  return { events, live: live.promise, done };
}

const HOSTS = 400;

const listen = ({ api }: TestApi) => api.app.listen({ port: 0 });

describe('GET /events', () => {
  test('an attempt is told of from its start to its end, hosts included, and its mesh after it', async () => {
    const sim = await hostsOf({ count: 3 });
    const api = await startTestApi();
    const { events, live } = follow(await listen(api));
    await live;
    const { body } = await api.send('POST', '/attach-attempts', {
      mesh: 'train',
      hosts: listOf(sim.addresses),
    });
    const states = () =>
      events.flatMap((event) => (event.type === 'attempt.changed' ? [event.attempt.state] : []));
    await eventually(() => events.some((event) => event.type === 'mesh.changed')).toBe(true);
    expect(states()[0]).toBe('running');
    expect(states().at(-1)).toBe('attached');
    const installed = events.flatMap((event) =>
      event.type === 'attempt.hosts_changed' ? event.hosts.filter(({ state }) => state === 'installed') : [],
    );
    expect(new Set(installed.map(({ rank }) => rank))).toEqual(new Set([0, 1, 2]));
    const mesh = events.find((event) => event.type === 'mesh.changed');
    expect(mesh).toMatchObject({ mesh: { id: body.meshId, hosts: { healthy: 3 } } });
  });

  test('thousands of changes become few events', async () => {
    const sim = await hostsOf({ count: HOSTS });
    const api = await startTestApi();
    const { events, live } = follow(await listen(api));
    await live;
    const { body } = await api.send('POST', '/attach-attempts', {
      mesh: 'train',
      hosts: listOf(sim.addresses),
    });
    await eventually(() => events.some((event) => event.type === 'mesh.changed')).toBe(true);
    const told = events.filter(
      (event) => event.type === 'attempt.hosts_changed' && event.attemptId === body.id,
    );
    // Each host goes through several states; how often a second there is an event is tested of `ChangeFeed`.
    expect(told.length).toBeLessThan(HOSTS / 4);
  });

  test('a client that comes back with its last id misses nothing; with an unknown one it is told to resync', async () => {
    const sim = await hostsOf({ count: 2 });
    const api = await startTestApi();
    const url = `${await listen(api)}/api/v1/events`;
    const attach = async () =>
      (await api.send('POST', '/attach-attempts', { mesh: 'train', hosts: listOf(sim.addresses) })).body
        .id as string;

    /** Reads frames of one connection until one of them satisfies; answers all of them. */
    async function read(headers: object, until: (frame: string) => boolean): Promise<string[]> {
      const answer = await fetch(url, { headers: { ...api.headers, ...headers } });
      expect(answer.headers.get('content-type')).toBe('text/event-stream');
      const frames: string[] = [];
      for await (const chunk of answer.body ?? []) {
        frames.push(...Buffer.from(chunk).toString().split('\n\n').filter(Boolean));
        if (frames.some(until)) break;
      }
      return frames;
    }
    const [hello = ''] = await read({}, (frame) => frame.includes('event: hello'));
    const lastId = /^id: (.+)$/m.exec(hello)?.[1] ?? '';
    const ids = [await attach(), await attach()];
    const isEnd = (frame: string) => frame.includes(ids[1] ?? '') && frame.includes('"state":"attached"');
    const missed = await read({ 'last-event-id': lastId }, isEnd);
    expect(missed.some((frame) => frame.includes('"resync"'))).toBe(false);
    for (const id of ids) expect(missed.some((frame) => frame.includes(id))).toBe(true);

    const lost = await read({ 'last-event-id': 'gone-1' }, (frame) => frame.includes('"resync"'));
    expect(lost.some((frame) => frame.includes('"resync"'))).toBe(true);
  });

  test('a stop of the API ends the streams', async () => {
    const api = await startTestApi();
    const answer = await fetch(`${await listen(api)}/api/v1/events`, { headers: api.headers });
    const text = answer.text();
    await api.api.stop(0);
    expect(await text).toContain('event: hello');
  });
});
