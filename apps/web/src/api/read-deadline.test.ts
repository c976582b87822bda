import { createClient } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { expect, test, vi } from 'vitest';
import { ApiError } from './api-error.ts';
import { fetchInTime } from './read-deadline.ts';

/** A server that takes every request and never answers. */
const silent: typeof fetch = (_input, init) =>
  new Promise((_, reject) => {
    // What a signal is aborted with is what `fetch` rejects with.
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
  });
const clientOf = (send: typeof fetch) => createClient({ baseUrl: '', fetch: fetchInTime(send, 20) });

test('a read that gets no answer fails in bounded time, says so, and is worth another try', async () => {
  const reply = await clientOf(silent).call(routes.session, {});
  if (reply.ok) throw new Error('there was no answer');
  const error = new ApiError(reply.fault);
  expect(error.message).toBe('The API has not answered for 0.02 s.');
  expect(error).toMatchObject({ isTransient: true, isLate: true });
});

test('what the caller calls off is not taken for late', async () => {
  const caller = new AbortController();
  const reading = clientOf(silent).call(routes.session, { signal: caller.signal });
  caller.abort();
  expect(await reading).toMatchObject({ ok: false, fault: { code: 'aborted' } });
});

test('what changes something, and what streams, takes as long as it takes', () => {
  const send = vi.fn<typeof fetch>(silent);
  const signal = new AbortController().signal;
  void fetchInTime(send, 1)('/stop', { method: 'POST', signal });
  void fetchInTime(send, 1)('/events', { headers: { accept: 'text/event-stream' }, signal });
  expect(send.mock.calls.map(([, init]) => init?.signal)).toEqual([signal, signal]);
});
