/** Work that is done again and again until it is stopped. */
export interface Repeating {
  /** Resolves once the round that is under way has ended. */
  stop(): Promise<void>;
}

/** Does `work` every `pauseMs`, counted from the end of the round before. What it throws goes to `onError`. */
export function repeat(
  pauseMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): Repeating {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let round = Promise.resolve();
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      round = work().catch(onError).finally(schedule);
    }, pauseMs);
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await round;
    },
  };
}
