import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUrlWrites } from './url-writes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A window whose navigations take as long as the test wants. */
function aWindow(href: string) {
  const window = { href };
  const writes = createUrlWrites({
    href: () => window.href,
    replace: (url) => {
      window.href = url.href;
    },
  });
  return { window, writes };
}
const nothing = () => {};

test('a write comes when typing pauses, and only the last one', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  writes.put('filter', 'g', nothing);
  vi.advanceTimersByTime(150);
  writes.put('filter', 'gpu', nothing);
  vi.advanceTimersByTime(150);
  expect(window.href).toBe('http://x/meshes/1');
  vi.advanceTimersByTime(100);
  expect(window.href).toBe('http://x/meshes/1?filter=gpu');
});

test('what waits is written before a navigation, so that Back finds it', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  const written: string[] = [];
  writes.put('filter', 'gpu', () => written.push('filter'));
  writes.leave();
  expect(window.href).toBe('http://x/meshes/1?filter=gpu');
  expect(written).toEqual(['filter']);
});

test('a navigation that is under way is never undone by a write', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  writes.leave();
  writes.put('filter', 'gpu', nothing);
  vi.advanceTimersByTime(1000);
  expect(window.href).toBe('http://x/meshes/1');
});

test('a write made during a navigation lands on the page that it led to', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  writes.leave();
  writes.put('filter', 'gpu', nothing);
  vi.advanceTimersByTime(300);
  window.href = 'http://x/meshes/1/hosts/3';
  vi.advanceTimersByTime(300);
  expect(window.href).toBe('http://x/meshes/1/hosts/3?filter=gpu');
});

test('a cancelled write never comes, not even with a navigation', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  const cancel = writes.put('filter', 'gpu', nothing);
  cancel();
  writes.leave();
  vi.advanceTimersByTime(1000);
  expect(window.href).toBe('http://x/meshes/1');
});

test('a navigation that came to nothing does not hold writes for ever', () => {
  const { window, writes } = aWindow('http://x/meshes/1');
  writes.leave();
  vi.advanceTimersByTime(4000);
  writes.put('filter', 'gpu', nothing);
  vi.advanceTimersByTime(2000);
  expect(window.href).toBe('http://x/meshes/1?filter=gpu');
});
