import { expect, test } from 'vitest';
import { unwatchAbort, watchAbort } from './abort-watch.ts';

test('a signal calls all that watch it, in order, and none that left', () => {
  const controller = new AbortController();
  const heard: number[] = [];
  const targets = [0, 1, 2, 3].map((index) => ({ aborted: () => heard.push(index) }));
  for (const target of targets) watchAbort(controller.signal, target);
  for (const target of targets.slice(1, 2)) unwatchAbort(controller.signal, target);
  controller.abort();
  expect(heard).toEqual([0, 2, 3]);
});

test('one that leaves while the signal fires is not called', () => {
  const controller = new AbortController();
  const heard: string[] = [];
  const second = { aborted: () => heard.push('second') };
  const first = {
    aborted: () => {
      heard.push('first');
      unwatchAbort(controller.signal, second);
    },
  };
  watchAbort(controller.signal, first);
  watchAbort(controller.signal, second);
  controller.abort();
  expect(heard).toEqual(['first']);
});

test('a signal has one listener, however many watch it', () => {
  let listeners = 0;
  const signal = Object.assign(new AbortController().signal, {
    addEventListener: () => (listeners += 1),
  });
  for (let index = 0; index < 1_000; index += 1) watchAbort(signal, { aborted: () => {} });
  expect(listeners).toBe(1);
});

test('a signal that nobody watches any more has no listener', () => {
  let listeners = 0;
  const signal = Object.assign(new AbortController().signal, {
    addEventListener: () => (listeners += 1),
    removeEventListener: () => (listeners -= 1),
  });
  const targets = [0, 1].map(() => ({ aborted: () => {} }));
  for (const target of targets) watchAbort(signal, target);
  for (const target of targets) unwatchAbort(signal, target);
  expect(listeners).toBe(0);
});
