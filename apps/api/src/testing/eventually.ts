import { expect } from 'vitest';

/** Waits until what `read` yields is as expected; long enough for a machine that has other things to do. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });
