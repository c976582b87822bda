import { aMesh } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { createJournal } from './view-reads.ts';

test('an answer that was made before a change and arrives after it shows the change', async () => {
  const journal = createJournal();
  const answer = Promise.withResolvers<[]>();
  const read = journal.read('meshes', '', () => answer.promise);
  journal.record({ type: 'mesh.changed', mesh: aMesh({ id: 'mesh_1' }) });
  answer.resolve([]);
  expect(await read).toMatchObject([{ id: 'mesh_1' }]);
});

test('what was recorded before a read does not touch it', async () => {
  const journal = createJournal();
  journal.record({ type: 'mesh.changed', mesh: aMesh({ id: 'mesh_1' }) });
  expect(await journal.read('meshes', '', () => Promise.resolve([]))).toEqual([]);
});
