import { describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { PushDeadline } from './push-deadline.ts';

/** A deadline of one second on a clock whose turns take 5 ms; `arriving` turns after it bring something new. */
function startDeadline({ arriving = 0, waitForHostsMs = 0 }) {
  const clock = new ManualClock(5);
  let passedAt: number | null = null;
  let read = 0;
  const deadline = new PushDeadline({
    clock,
    timeoutMs: 1_000,
    waitForHostsMs,
    progress: () => Math.min((read += 1), arriving + 1),
    passed: () => (passedAt = clock.now()),
  });
  deadline.start();
  return { clock, deadline, passedAt: () => passedAt };
}

describe('push deadline', () => {
  test('passes once a turn of the event loop brings nothing new', async () => {
    const { clock, passedAt } = startDeadline({});
    await clock.advance(999);
    expect(passedAt()).toBeNull();
    await clock.advance(1);
    expect(passedAt()).toBe(1_005);
  });

  test('what has arrived by then is read before it passes', async () => {
    const { clock, passedAt } = startDeadline({ arriving: 4 });
    await clock.advance(1_000);
    expect(passedAt()).toBe(1_015);
  });

  test('reading takes 3 % of the timeout at most, whatever still arrives', async () => {
    const { clock, passedAt } = startDeadline({ arriving: Infinity });
    await clock.advance(1_000);
    expect(passedAt()).toBe(1_030);
  });

  test('nothing is sent any more once it is up', async () => {
    const { clock, deadline } = startDeadline({ arriving: Infinity });
    expect(deadline.open).toBe(true);
    await clock.advance(1_000);
    expect(deadline.open).toBe(false);
  });

  test('it begins when the waiting for hosts is over, early or at its own end', async () => {
    const early = startDeadline({ waitForHostsMs: 500 });
    await early.clock.advance(200);
    early.deadline.waitingOver();
    expect(early.deadline.endsAt).toBe(1_200);
    const late = startDeadline({ waitForHostsMs: 500 });
    await late.clock.advance(600);
    expect(late.deadline.endsAt).toBe(1_500);
  });

  test('stopped, it never passes and leaves no timer', async () => {
    const { clock, deadline, passedAt } = startDeadline({});
    deadline.stop();
    await clock.advance(5_000);
    expect(passedAt()).toBeNull();
    expect(clock.pending).toBe(0);
  });
});
