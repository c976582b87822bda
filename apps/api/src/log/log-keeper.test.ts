import { once } from 'node:events';
import { fail, ok } from '@hostmesh/core';
import type { ProcRecord } from '@hostmesh/db';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LogKeeper } from './log-keeper.ts';
import type { LogSource } from './log-source.ts';

type Fetch = LogSource['fetch'];

const quiet = { error: () => {} };
/** As much of a proc as is looked at. */
const aProc = (id: string, meshId: string) => ({ id, meshId, logSeq: 0 }) as ProcRecord;
const whole = ok({
  kind: 'logs' as const,
  entries: [{ seq: 1, stream: 'stdout' as const, at: 0, text: 'last words', partial: false }],
  open: [],
  openVersion: 0,
  firstSeq: 1,
  lastSeq: 1,
  ended: true,
});
const silent = fail({ code: 'unreachable' as const, message: 'no answer' });

/** A keeper that is busy with hosts which do not answer until they are given up; for others `answer` does. */
function busyKeeper(answer: (proc: ProcRecord) => Awaited<ReturnType<Fetch>>) {
  const ending = new AbortController();
  const fetch = vi.fn<Fetch>(async (proc, { signal }) => {
    if (proc.meshId !== 'stuck') return answer(proc);
    const givenUp = AbortSignal.any([ending.signal, ...(signal ? [signal] : [])]);
    if (!givenUp.aborted) await once(givenUp, 'abort');
    return silent;
  });
  const keeper = new LogKeeper({ fetch }, quiet);
  onTestFinished(() => {
    ending.abort();
    return keeper.stop();
  });
  keeper.add(Array.from({ length: 20 }, (_, rank) => aProc(`stuck-${rank}`, 'stuck')));
  return { keeper, fetch };
}

describe('before a mesh ends', () => {
  test('the output of its procs is fetched, whoever else is waited for', async () => {
    const { keeper, fetch } = busyKeeper(() => whole);
    const procs = Array.from({ length: 50 }, (_, rank) => aProc(`train-${rank}`, 'train'));
    keeper.add(procs);
    await keeper.drainMesh('train', 60_000);
    for (const proc of procs) expect(fetch).toHaveBeenCalledWith(proc, expect.anything());
  });

  test('a host that did not answer is asked once more, without the pause', async () => {
    let answers = 0;
    const { keeper } = busyKeeper(() => {
      answers += 1;
      return answers === 1 ? silent : whole;
    });
    keeper.add([aProc('train-0', 'train')]);
    await keeper.drainMesh('train', 60_000);
    await keeper.drainMesh('train', 60_000);
    expect(answers).toBe(2);
  });

  test('hosts that do not answer are waited for no longer than said', async () => {
    const { keeper } = busyKeeper(() => whole);
    await keeper.drainMesh('stuck', 20);
  });
});
