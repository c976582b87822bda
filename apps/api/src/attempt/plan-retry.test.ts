import type { AttemptRecord } from '@hostmesh/db';
import { describe, expect, test } from 'vitest';
import { planRetry } from './plan-retry.ts';

const parent = (state: AttemptRecord['state'], given: Partial<AttemptRecord> = {}) =>
  // Only what a retry reads.
  ({
    id: 'att_1',
    kind: 'attach',
    mesh: 'train',
    meshId: null,
    state,
    extent: { labels: ['hosts'], sizes: [3] },
    timeoutMs: 10_000,
    waitForHostsMs: 500,
    parentId: null,
    firstRanks: [],
    ...given,
  }) as Partial<AttemptRecord> as AttemptRecord;
const target = (rank: number, state: 'installed' | 'failed') => ({
  rank,
  address: `tcp:h${rank}:1`,
  hostId: `host_${rank}`,
  state,
});
const mixed = [target(0, 'installed'), target(1, 'failed'), target(2, 'installed')];
const attrs = { PROC_STOP_MAX_IDLE: '5s' };

describe('planRetry', () => {
  test('tries all hosts again with the same terms, the failed ones first', () => {
    const task = planRetry(parent('failed'), mixed, attrs, { only: 'failed' });
    expect(task.ok && task.value).toMatchObject({
      parentId: 'att_1',
      hosts: [{ text: 'tcp:h0:1' }, { text: 'tcp:h1:1' }, { text: 'tcp:h2:1' }],
      firstRanks: [1],
      timeoutMs: 10_000,
      waitForHostsMs: 500,
      snapshot: { attrs },
      extent: { labels: ['hosts'], sizes: [3] },
    });
  });

  test('with "all" nobody goes first, and durations of the request count', () => {
    const task = planRetry(parent('failed'), mixed, attrs, { only: 'all', timeout: '3s' });
    expect(task.ok && task.value).not.toHaveProperty('firstRanks');
    expect(task.ok && task.value.timeoutMs).toBe(3000);
  });

  test('an attempt of which every host failed has nobody to wait for', () => {
    const task = planRetry(parent('interrupted'), [target(0, 'failed')], attrs, { only: 'failed' });
    expect(task.ok && task.value).not.toHaveProperty('firstRanks');
  });

  test.each([
    ['running', 'failed', 'attempt_running'],
    ['attached', 'all', 'nothing_to_retry'],
  ] as const)('an attempt that is %s is refused with the reason', (state, only, code) => {
    const task = planRetry(parent(state), mixed, attrs, { only });
    expect(task).toMatchObject({ ok: false, fault: { code, message: expect.stringContaining('att_1') } });
  });

  test('"failed" of an attempt without failed hosts is refused with what to do instead', () => {
    const task = planRetry(parent('cancelled'), [target(0, 'installed')], attrs, { only: 'failed' });
    expect(task).toMatchObject({
      ok: false,
      fault: { code: 'nothing_to_retry', message: expect.stringContaining('retry all') },
    });
  });

  test('a bad duration is refused by name', () => {
    const task = planRetry(parent('failed'), mixed, attrs, { only: 'all', waitForHosts: 'x' });
    expect(task).toMatchObject({ ok: false, fault: { errors: [{ field: 'waitForHosts' }] } });
  });

  test('"installed" makes a smaller mesh of the hosts that had installed, and names those that it goes without', () => {
    const task = planRetry(parent('failed'), mixed, attrs, { only: 'installed' });
    expect(task.ok && task.value).toMatchObject({
      kind: 'attach',
      hosts: [{ text: 'tcp:h0:1' }, { text: 'tcp:h2:1' }],
      extent: { labels: ['hosts'], sizes: [2] },
      leftOut: { total: 1, hosts: [{ rank: 1, address: 'tcp:h1:1' }] },
      parentId: 'att_1',
    });
    expect(task.ok && task.value).not.toHaveProperty('firstRanks');
  });

  test.each<[string, AttemptRecord, ReturnType<typeof target>[], RegExp]>([
    ['no host installed', parent('failed'), [target(0, 'failed')], /No host of attempt att_1 installed/],
    [
      'the hosts were not tried',
      parent('failed', { firstRanks: [0], parentId: 'att_0' }),
      [target(0, 'failed'), target(1, 'failed')],
      /1 of its 2 hosts was not tried; those of attempt att_0/,
    ],
    ['it was a push', parent('failed', { kind: 'push', meshId: 'm' }), mixed, /a push/],
    [
      'the shape has two dimensions',
      parent('failed', { extent: { labels: ['racks', 'hosts'], sizes: [3, 1] } }),
      mixed,
      /racks.*only a mesh of one dimension/,
    ],
  ])('"installed" is refused with the reason where %s', (_, from, targets, says) => {
    const task = planRetry(from, targets, attrs, { only: 'installed' });
    expect(task).toMatchObject({
      ok: false,
      fault: { code: 'cannot_leave_out', message: expect.stringMatching(says) },
    });
  });
});
