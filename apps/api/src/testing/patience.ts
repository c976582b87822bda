import { expect } from 'vitest';

/** Waits until what `read` yields is as expected; long enough for a machine that has other things to do. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 60_000 });

/** A size of a test: `soak` where it may take minutes to be trusted the more (`pnpm test:long`), and `usual` else. */
export const soakOr = (soak: number, usual: number): number =>
  process.env.HOSTMESH_SOAK === '1' ? soak : usual;
