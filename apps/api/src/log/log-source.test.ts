import { fail, ok } from '@hostmesh/core';
import type { MeshRecord, ProcRecord } from '@hostmesh/db';
import type { Connection } from '@hostmesh/protocol';
import { expect, test } from 'vitest';
import { LogSource } from './log-source.ts';

const answer = {
  kind: 'logs' as const,
  entries: [{ seq: 1, stream: 'stdout' as const, at: 0, text: 'last words', partial: false }],
  open: [],
  openVersion: 0,
  firstSeq: 1,
  lastSeq: 1,
  ended: true,
};
// As much of them as is looked at.
const proc = {
  id: 'w-0',
  procMeshId: 'w',
  meshId: 'train',
  hostAddress: 'tcp:10.0.0.1:26600',
  hostId: null,
} as ProcRecord;
const connection = {
  hello: { hostId: 'h' },
  request: async () => ok(answer),
  close: () => {},
} as unknown as Connection;

/** The mesh has let go of its connections; it has ended in the database at this time. */
function sourceOf(endedAt: Date | null) {
  const stored: string[] = [];
  const source = new LogSource({
    procs: {
      appendLogs: async (_id, entries) => void stored.push(...entries.map(({ text }) => text)),
      markLogEnded: async () => {},
    },
    meshes: { get: async () => ({ endedAt }) as MeshRecord },
    live: {
      get: () => ({
        engine: { readLogs: async () => fail({ kind: 'closed', code: 'closed', message: 'we hung up' }) },
      }),
    },
    transport: { connect: async () => ok(connection), close: async () => {} },
  });
  return { source, stored };
}

test('a mesh that is being ended has its hosts asked over other connections', async () => {
  const { source, stored } = sourceOf(null);
  expect(await source.fetch(proc, { after: 0 })).toEqual(ok(answer));
  expect(stored).toEqual(['last words']);
});

test('a mesh that has ended has its hosts asked no more', async () => {
  expect(await sourceOf(new Date()).source.fetch(proc, { after: 0 })).toMatchObject({
    ok: false,
    fault: { code: 'gone' },
  });
});
