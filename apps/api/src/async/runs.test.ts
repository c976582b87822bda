import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Runs } from './runs.ts';

/** A run that goes on until it is ended; its verdict is why. */
function endless(id: string) {
  const { promise: verdict, resolve: end } = Promise.withResolvers<string>();
  return { id, verdict, end };
}

describe('Runs', () => {
  test('a stop ends what still runs after the grace, and waits for its verdict', async () => {
    const runs = new Runs<ReturnType<typeof endless>>();
    const run = endless('a');
    runs.add(run);
    expect(runs.get('a')).toBe(run);
    await runs.stop(0);
    expect(await run.verdict).toBe('shutting_down');
  });

  test('a run that was just being begun when the stop came is ended as well, and waited for', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const runs = new Runs<ReturnType<typeof endless>>();
    const run = endless('late');
    const written = Promise.withResolvers<void>();
    const beginning = runs.begin(async () => {
      await written.promise;
      runs.add(run);
    });
    const stopped = runs.stop(0);
    expect(runs.isStopping).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    written.resolve();
    await stopped;
    await beginning;
    expect(await run.verdict).toBe('shutting_down');
  });

  test('a beginning that fails holds up no stop, and is told to whoever began', async () => {
    const runs = new Runs<ReturnType<typeof endless>>();
    const beginning = runs.begin(() => Promise.reject(new Error('no database')));
    await runs.stop(0);
    await expect(beginning).rejects.toThrow('no database');
  });
});
