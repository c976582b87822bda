import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ok } from '@hostmesh/core';
import type { Client } from '../call/client.ts';
import { followStream, type ConnectionState } from './follow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Since when the streams of this test were not connected. */
let sinces: number[] = [];
beforeEach(() => void (sinces = []));

/** Follows a stream whose connections the test decides; the states it went through. */
function follow(open: Client['open']): readonly ConnectionState['kind'][] {
  const states: ConnectionState['kind'][] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  // Streams only open; they call nothing.
  const client = { open } as Client;
  void followStream(client, {
    signal: stop.signal,
    pathAfter: () => '/events',
    apply: () => {},
    onState: (state) => {
      states.push(state.kind);
      if (state.kind === 'retrying') sinces.push(state.since);
    },
  });
  return states;
}

/** A connection that is torn down with its signal and says something every so often. */
const connection = (everyMs: number, signal: AbortSignal | null | undefined) =>
  new Response(
    new ReadableStream({
      start(controller) {
        const heartbeat = setInterval(() => controller.enqueue(new TextEncoder().encode(': \n\n')), everyMs);
        signal?.addEventListener('abort', () => {
          clearInterval(heartbeat);
          controller.error(new Error('aborted'));
        });
      },
    }),
  );

test('a connection that has fallen silent is not live for longer than twelve seconds', async () => {
  const states = follow((_path, init) => Promise.resolve(ok(connection(1e9, init?.signal))));
  await vi.advanceTimersByTimeAsync(11_900);
  expect(states).toEqual(['live']);
  await vi.advanceTimersByTimeAsync(200);
  expect(states).toEqual(['live', 'retrying']);
});

test('heartbeats every five seconds keep it live', async () => {
  const states = follow((_path, init) => Promise.resolve(ok(connection(5000, init?.signal))));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(states).toEqual(['live']);
});

test('a server that takes the connection and says nothing is given up as soon', async () => {
  const states = follow(
    (_path, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  );
  await vi.advanceTimersByTimeAsync(12_100);
  expect(states).toEqual(['retrying']);
});

test('a machine that slept is not live by what it heard before, and knows since when', async () => {
  const states = follow((_path, init) => Promise.resolve(ok(connection(5000, init?.signal))));
  await vi.advanceTimersByTimeAsync(5_000);
  const heardAt = Date.now();
  vi.setSystemTime(heardAt + 3_600_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(states.slice(0, 2)).toEqual(['live', 'retrying']);
  expect(sinces).toEqual([heardAt]);
});
