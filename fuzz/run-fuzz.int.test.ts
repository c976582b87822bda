import { createTestDatabase } from '@hostmesh/db/testing';
import { expect, test } from 'vitest';
import { runFuzz } from './run-fuzz.ts';

test('whatever comes in, API and agent answer it as they say, go on, and tell strangers nothing', async () => {
  const { url, release } = await createTestDatabase();
  try {
    const options = { requests: 40, frames: 10, minutes: 1, seed: 1, agents: 1 };
    const { wrong, dir, requests } = await runFuzz(options, { databaseUrl: url });
    expect({ wrong, dir }).toEqual({ wrong: [], dir: null });
    expect(requests).toBeGreaterThan(0);
  } finally {
    await release();
  }
});
