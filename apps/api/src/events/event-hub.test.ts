import type { Readable } from 'node:stream';
import type { ApiEvent, HostResult } from '@hostmesh/contract';
import { aResult } from '@hostmesh/contract/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { EventHub } from './event-hub.ts';

const hubs: EventHub[] = [];
const hubOf = (...options: ConstructorParameters<typeof EventHub>) => {
  const hub = new EventHub(...options);
  hubs.push(hub);
  return hub;
};
afterEach(() => hubs.splice(0).forEach((hub) => hub.close()));

const hostsChanged = (attemptId: string, ...ranks: number[]): ApiEvent => ({
  type: 'attempt.hosts_changed',
  attemptId,
  hosts: ranks.map((rank) => aResult({ rank })),
});

interface Frame {
  id: string;
  event: string;
  data: { type?: string; attemptId?: string; hosts?: HostResult[] };
}

/** Everything that the stream holds now. */
function read(stream: Readable): Frame[] {
  const text = String(stream.read() ?? '');
  return text
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      // What the hub itself serialised.
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Frame['data'] };
    });
}
const kinds = (frames: Frame[]) => frames.map((frame) => frame.data.type ?? frame.event);

describe('EventHub', () => {
  test('a client that comes back with its last id gets exactly what it missed', () => {
    const hub = hubOf();
    hub.publish(hostsChanged('att_1', 0));
    const first = hub.subscribe({}, undefined);
    hub.publish(hostsChanged('att_1', 1));
    const seen = read(first);
    expect(kinds(seen)).toEqual(['hello', 'attempt.hosts_changed']);
    first.destroy();
    hub.publish(hostsChanged('att_1', 2));
    hub.publish(hostsChanged('att_1', 3));

    const frames = read(hub.subscribe({}, seen.at(-1)?.id));
    expect(frames.slice(1).map((frame) => frame.data.hosts?.[0]?.rank)).toEqual([2, 3]);
  });

  test('a client that breaks off before the first event can resume from where it began', () => {
    const hub = hubOf();
    const [hello] = read(hub.subscribe({}, undefined));
    hub.publish(hostsChanged('att_1', 0));
    const again = read(hub.subscribe({}, hello?.id));
    expect(kinds(again)).toEqual(['hello', 'attempt.hosts_changed']);
    // It keeps its own id until it has what it missed: it may break off again before.
    expect(again[0]?.id).toBe('');
  });

  test.each(['', 'nonsense', 'deadbeef-1', 'x-y-z'])(
    'the id %j, which is not of this process, means resync',
    (id) => {
      expect(kinds(read(hubOf().subscribe({}, id)))).toEqual(['hello', 'resync']);
    },
  );

  test('an id that is too old, or of the future, means resync', () => {
    const hub = hubOf({ keep: 4 });
    const [hello] = read(hub.subscribe({}, undefined));
    for (let rank = 0; rank < 10; rank += 1) hub.publish(hostsChanged('att_1', rank));
    expect(kinds(read(hub.subscribe({}, hello?.id)))).toEqual(['hello', 'resync']);
    expect(kinds(read(hub.subscribe({}, hello?.id.replace(/-\d+$/, '-99'))))).toEqual(['hello', 'resync']);
  });

  test('a filter leaves out what it does not name, also when catching up', () => {
    const hub = hubOf();
    const live = hub.subscribe({ attempt: 'att_2' }, undefined);
    const [hello] = read(live);
    hub.publish(hostsChanged('att_1', 0));
    hub.publish(hostsChanged('att_2', 1));
    expect(read(live).map((frame) => frame.data.attemptId)).toEqual(['att_2']);
    const late = read(hub.subscribe({ attempt: 'att_2' }, hello?.id));
    expect(late.map((frame) => frame.data.attemptId)).toEqual([undefined, 'att_2']);
  });

  test('a client of one proc mesh hears of its procs alone', () => {
    const hub = hubOf();
    const live = hub.subscribe({ procMesh: 'w-1' }, undefined);
    for (const procMeshId of ['w-1', 'w-2']) {
      hub.publish({ type: 'proc_mesh.procs_changed', procMeshId, procs: [] });
      hub.publish(hostsChanged('att_1', 0));
    }
    const frames = read(live);
    expect(kinds(frames)).toEqual(['hello', 'proc_mesh.procs_changed']);
    expect(frames[1]?.data).toMatchObject({ procMeshId: 'w-1' });
  });

  test('a client that does not read costs no more than its bound, and is told to resync when it does', () => {
    const hub = hubOf({ maxUnreadBytes: 2000 });
    const slow = hub.subscribe({}, undefined);
    for (let rank = 0; rank < 200; rank += 1) hub.publish(hostsChanged('att_1', rank));
    expect(slow.readableLength).toBeLessThanOrEqual(2000);
    const backlog = read(slow);
    hub.publish(hostsChanged('att_1', 200));
    const frames = [...backlog, ...read(slow)].slice(-2);
    expect(kinds(frames)).toEqual(['resync', 'attempt.hosts_changed']);
    expect(frames[1]?.data.hosts?.[0]?.rank).toBe(200);
  });

  test('closing ends every stream', async () => {
    const hub = hubOf();
    const stream = hub.subscribe({}, undefined);
    const ended = new Promise((resolve) => stream.once('end', resolve));
    stream.resume();
    hub.close();
    await ended;
    expect(hub.clientCount).toBe(0);
    const late = hub.subscribe({}, undefined).resume();
    await new Promise((resolve) => late.once('end', resolve));
  });
});
