import type { EndMeshReply } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { endNotice } from './end-mesh-dialog.tsx';

const outcome = (rank: number, outcome: 'done' | 'unreachable'): EndMeshReply['outcomes'][number] => ({
  rank,
  hostId: null,
  address: `tcp:10.0.0.${rank}:26600`,
  outcome,
  message: '',
});

test('whoever closed the dialog is told which hosts did not answer', () => {
  expect(endNotice('Stop train', { outcomes: [outcome(0, 'done'), outcome(1, 'done')] })).toEqual({
    tone: 'good',
    text: 'Stop train: 2 of 2 hosts done.',
  });
  expect(endNotice('Stop train', { outcomes: [outcome(0, 'done'), outcome(1, 'unreachable')] })).toEqual({
    tone: 'failed',
    text: 'Stop train: 1 of 2 hosts done. Not done: tcp:10.0.0.1:26600 unreachable.',
  });
});
