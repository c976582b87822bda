import type { ApiEvent } from '@hostmesh/contract';
import { fail, ok } from '@hostmesh/core';
import type { AttemptRecord, Attempts } from '@hostmesh/db';
import type { HostReport, PushReport, HostRestore } from '@hostmesh/host-mesh';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { AttemptRun, type AttemptWork } from './attempt-run.ts';

const addresses = ['tcp:a:1', 'tcp:b:1'];
const record: AttemptRecord = {
  id: 'att_1',
  kind: 'attach',
  mesh: 'train',
  meshId: null,
  state: 'running',
  reason: null,
  timeoutMs: 1000,
  waitForHostsMs: 0,
  extent: { labels: ['hosts'], sizes: [2] },
  epoch: 1,
  configDigest: 'sha256:1',
  parentId: null,
  retryIds: [],
  firstRanks: [],
  replace: false,
  takeOver: false,
  ended: null,
  tookOver: null,
  leftOut: null,
  requestedBy: 'tester',
  startedAt: new Date(),
  decidedAt: null,
  settledAt: null,
  leaseOwner: 'api-1',
  leaseExpiresAt: new Date(),
  counts: {
    total: 2,
    installed: 0,
    failed: 0,
    pending: 2,
    restoring: 0,
    restored: 0,
    residue: 0,
    withoutEffect: 0,
    keysWithoutEffect: 0,
  },
};
const host = (rank: number, given: Partial<HostReport> = {}): HostReport => ({
  rank,
  address: addresses[rank] ?? '',
  hostId: `host_${rank}`,
  agentVersion: '1',
  state: 'installed',
  failure: null,
  restore: null,
  connectMs: 1,
  ackMs: 1,
  epoch: 1,
  shadowedKeys: [],
  unknownKeys: [],
  tookOverFrom: null,
  ...given,
});
const report = (...hosts: HostReport[]): PushReport => ({
  epoch: 1,
  digest: 'sha256:1',
  hosts,
  startedAt: 0,
  durationMs: 1,
});
const refused = { kind: 'SendFailed', code: 'ECONNREFUSED', message: 'connection refused' } as const;

/** The database, as a list of what was asked of it; `away` makes it throw. */
function fakeDatabase() {
  const calls: unknown[][] = [];
  const database = { away: false, calls };
  const call = (...entry: unknown[]) => {
    if (database.away) throw new Error('no connection');
    calls.push(entry);
  };
  const attempts: Pick<Attempts, 'saveHosts' | 'saveRestores' | 'finish'> = {
    saveHosts: async (_id, _owner, hosts) => {
      call('saveHosts', ...hosts.map(({ rank, state, restore }) => [rank, state, restore?.kind ?? null]));
      return ok(record.counts);
    },
    saveRestores: async (_id, _owner, restores) => {
      call('saveRestores', ...restores.map(({ rank, restore }) => [rank, restore.kind]));
      return ok({ ...record, state: 'failed', settledAt: new Date() });
    },
    finish: async (_id, _owner, { state }) => {
      call('finish', state);
      return ok({ ...record, state });
    },
  };
  return { database, attempts };
}

function runOf(push: AttemptWork<string>['push'], { database, attempts } = fakeDatabase()) {
  const work: AttemptWork<string> = {
    attached: async () => {
      database.calls.push(['attached']);
      return ok({ ...record, state: 'attached' });
    },
    discard: async () => void database.calls.push(['discard']),
    push,
  };
  const published: ApiEvent[] = [];
  const run = new AttemptRun(
    { record, hosts: addresses.map((text) => ({ text })), work },
    {
      attempts,
      owner: 'api-1',
      publish: (event) => published.push(event),
      log: pino({ level: 'silent' }),
      recordLimitMs: 0,
      recovery: { settleLater: async ({ id }) => void database.calls.push(['settleLater', id]) },
    },
  );
  return { run, database, published };
}

describe('AttemptRun', () => {
  test('a success is recorded only after every acknowledgement is', async () => {
    const { run, database } = runOf(async ({ onProgress }) => {
      onProgress?.([host(0), host(1)]);
      return ok('mesh');
    });
    expect(await run.verdict).toMatchObject({ kind: 'ended', record: { state: 'attached' } });
    expect(database.calls).toEqual([
      ['saveHosts', [0, 'installed', null], [1, 'installed', null]],
      ['attached'],
    ]);
  });

  test('a success that cannot be recorded is no success: it is settled later, then let go of', async () => {
    const fake = fakeDatabase();
    const { run, database } = runOf(async ({ onProgress }) => {
      onProgress?.([host(0), host(1)]);
      fake.database.away = true;
      return ok('mesh');
    }, fake);
    expect(await run.verdict).toEqual({ kind: 'abandoned' });
    await run.settled;
    expect(database.calls).toEqual([['settleLater', 'att_1'], ['discard']]);
  });

  test('until restores that end after the verdict are known the attempt has not finished; they are recorded, whatever was heard of them in between', async () => {
    const cleanup = Promise.withResolvers<PushReport>();
    const failedHost = host(1, { state: 'failed', failure: refused, restore: { kind: 'not_needed' } });
    const pending = host(0, { restore: { kind: 'pending' } });
    const restored: HostRestore = { kind: 'restored', lateInstall: false };
    const { run, database, published } = runOf(async ({ onProgress }) => {
      onProgress?.([pending, failedHost]);
      void cleanup.promise.then(() => onProgress?.([host(0, { restore: restored })]));
      return fail({
        code: 'config_push_failed',
        message: '1 host failed',
        error: { entries: [], message: '' },
        report: report(pending, failedHost),
        cleanup: cleanup.promise,
      });
    });
    expect(await run.verdict).toMatchObject({ kind: 'ended', record: { state: 'failed' } });
    expect(run.view()).toMatchObject({ finishedAt: null, counts: { restoring: 1, restored: 0 } });
    expect(run.view().summary).toContain('1 host is still being asked to restore');
    cleanup.resolve(report(host(0, { restore: restored }), failedHost));
    await run.settled;
    expect(database.calls).toEqual([
      ['saveHosts', [0, 'installed', 'pending'], [1, 'failed', 'not_needed']],
      ['finish', 'failed'],
      ['saveRestores', [0, 'restored']],
    ]);
    const settled = { finishedAt: expect.any(String), counts: { restoring: 0, restored: 1, failed: 1 } };
    expect(run.view()).toMatchObject(settled);
    expect(published.at(-1)).toMatchObject({ type: 'attempt.changed', attempt: settled });
  });

  test.each([
    ['cancelled', 'cancelled'],
    ['shutting_down', 'interrupted'],
    ['taken_over', 'interrupted'],
  ] as const)('ended because of %s, the push is aborted and the attempt is %s', async (reason, state) => {
    const { run, database } = runOf(
      ({ signal }) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => resolve(fail({ code: 'cancelled', message: 'cancelled' })));
        }),
    );
    run.end(reason);
    run.end('cancelled');
    await run.verdict;
    expect(database.calls).toEqual([['finish', state]]);
  });

  test('a push that could not be begun names every host with why', async () => {
    const { run } = runOf(async () =>
      fail({ code: 'not_watched', message: 'another replica looks after it' }),
    );
    expect(await run.verdict).toMatchObject({ kind: 'ended', record: { state: 'failed' } });
    const failure = { kind: 'CastFailed', message: 'another replica looks after it' };
    expect(run.view().failures).toMatchObject([
      { rank: 0, failure },
      { rank: 1, failure },
    ]);
  });

  test('a bug of the engine costs the attempt, not the process', async () => {
    const { run, database } = runOf(() => Promise.reject(new Error('bug')));
    await expect(run.verdict).rejects.toThrow('bug');
    await run.settled;
    expect(database.calls).toEqual([['settleLater', 'att_1']]);
  });
});
