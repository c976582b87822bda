import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sessionQuery } from '../api/query-client.ts';
import { createLiveStore, type LiveStore } from './live-state.ts';
import { startPolling } from './polling.ts';
import { createManualTimers, type ManualTimers } from './testing/manual-timers.ts';

let timers: ManualTimers;
let queries: QueryClient;
let store: LiveStore;
let answer: () => Promise<unknown>;
let asked: number;
let end: () => void;

/** A page whose API is asked through `answer`, and whose stream is lost. */
beforeEach(() => {
  timers = createManualTimers();
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  store = createLiveStore();
  asked = 0;
  answer = () => Promise.resolve({});
  const { queryKey } = sessionQuery();
  const queryFn = () => {
    asked += 1;
    return answer();
  };
  queries.setQueryDefaults(queryKey, { queryFn });
  queries.setQueryData<unknown>(queryKey, {});
  end = startPolling(queries, store, timers);
  store.happened('stream_lost');
});
afterEach(() => {
  end();
  queries.clear();
});

/** The next round: the pause passes, the API is asked, and after `waitMs` what comes of it is known. */
async function round(waitMs = 0): Promise<void> {
  const told = Promise.withResolvers<void>();
  const unsubscribe = store.subscribe(told.resolve);
  timers.pass(3000);
  timers.pass(waitMs);
  await told.promise;
  unsubscribe();
}

test('without a stream the API is asked again and again, and answers keep the page from being stale', async () => {
  await round();
  await round();
  expect(asked).toBe(2);
  expect(store.state().kind).toBe('polling');
});

test('an API that fails makes the page stale, and one that answers again ends that', async () => {
  answer = () => Promise.reject(new Error('gone'));
  await round();
  expect(store.state().kind).toBe('stale');
  answer = () => Promise.resolve({});
  await round();
  expect(store.state().kind).toBe('polling');
});

test('an API that hangs makes the page stale after a bounded time', async () => {
  answer = () => new Promise(() => undefined);
  await round(5000);
  expect(store.state().kind).toBe('stale');
});

test('with a stream nothing is asked', () => {
  store.happened('stream_live');
  timers.pass(60_000);
  expect(asked).toBe(0);
  expect(timers.waiting()).toBe(0);
});
