import { startSimHostsProcess } from '@hostmesh/testkit';
import { startEngine } from './app/contestants.ts';
import { defineCommand, progress, tenths } from './bench-command.ts';
import { median } from './measure/statistics.ts';

/** Many hosts that refuse, a few that say nothing: the result must still come at the deadline, and be exact. */
export const deadline = defineCommand({
  usage: `[--hosts 1000] [--refuse 100] [--hang 10] [--deadline 1000] [--runs 5]
      how long after the start the result of an attach comes when hosts refuse and hang; deadline in milliseconds`,
  defaults: { hosts: 1000, refuse: 100, hang: 10, deadline: 1000, runs: 5 },
  run: async ({ hosts: count, refuse, hang, deadline: deadlineMs, runs }) => {
    const rules = [
      { fault: { kind: 'refuse' }, count: refuse },
      { fault: { kind: 'hang_after_accept' }, count: hang },
    ] as const;
    await using hosts = await startSimHostsProcess({ count, faults: { seed: 1, rules } });
    await using engine = await startEngine(hosts.addresses);
    const expected = new Map(
      (await hosts.truth()).flatMap(({ rank, fault }) => {
        if (fault.kind === 'healthy') return [];
        return [[rank, fault.kind === 'refuse' ? 'SendFailed' : 'ReplyTimedOut'] as const];
      }),
    );
    const resultMs: number[] = [];
    let exact = true;
    for (let run = 1; run <= runs; run += 1) {
      const { ms, failed, residue } = await engine.call('attach', deadlineMs);
      await engine.call('release');
      resultMs.push(ms);
      const names = Object.entries(failed);
      const right =
        names.length === expected.size && names.every(([rank, kind]) => expected.get(Number(rank)) === kind);
      exact &&= right && (await hosts.truth()).every(({ installedDigest }) => installedDigest === null);
      progress(
        `run ${run}: result after ${tenths(ms)} ms, ${names.length} hosts named, ${residue} with residue`,
      );
    }
    return {
      hosts: count,
      refusing: refuse,
      hanging: hang,
      deadlineMs,
      resultMs: tenths(median(resultMs)),
      resultMsMax: tenths(Math.max(...resultMs)),
      exact,
    };
  },
});
