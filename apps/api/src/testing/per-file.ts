import { beforeAll, onTestFinished } from 'vitest';

type End = () => unknown;

/** Where what is being made for a whole file is to be ended; absent while it is made for one test. */
let endings: End[] | undefined;

/** Ends what a helper has started: after the test that it was started for, or after the file. */
export const atEnd = (end: End): void => {
  if (endings === undefined) onTestFinished(async () => void (await end()));
  else endings.push(end);
};

/** What all tests of a file share: made before the first of them, ended after the last. */
export function perFile<T>(make: () => Promise<T>): () => T {
  let made: { readonly value: T } | undefined;
  beforeAll(async () => {
    const ends: End[] = [];
    endings = ends;
    made = { value: await make().finally(() => (endings = undefined)) };
    return async () => {
      for (const end of ends.toReversed()) await end();
    };
  });
  return () => {
    if (made === undefined) throw new Error('what the file shares is not there before its tests run');
    return made.value;
  };
}
