import { expect, test } from 'vitest';
import { standStill } from '../testing/stand-still.ts';
import { AttentiveTime } from './attentive-time.ts';
import { systemClock } from './clock.ts';

/** Attentive time after steps of the monotonic clock, each followed by a beat. */
function timeAfter(...stepsMs: readonly number[]): number {
  let now = 0;
  const time = new AttentiveTime(() => now);
  for (const step of stepsMs) {
    now += step;
    time.beat();
  }
  return time.now();
}

test('passes as the clock does, however uneven, while the process is there', () => {
  expect(timeAfter(250, 300, 900, 250)).toBe(1_700);
});

test('stands still while the process does, and for a moment longer, and never goes back', () => {
  expect(timeAfter(250, 13_000)).toBe(250);
  expect(timeAfter(250, 13_000, 250, 250)).toBe(250);
  expect(timeAfter(250, 13_000, 250, 250, 250)).toBe(500);
});

test('a wait for others that a real stall has outlasted goes on after it; what is due to others is done at once', async () => {
  const before = systemClock.now();
  const done: string[] = [];
  const waited = new Promise<void>((resolve) => {
    systemClock.after(300, () => resolve(void done.push('waited')));
  });
  systemClock.promptly(300, () => done.push('due'));
  standStill(1_050);
  expect(systemClock.now() - before).toBeLessThan(300);
  await waited;
  expect(done).toEqual(['due', 'waited']);
});
