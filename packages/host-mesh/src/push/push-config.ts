import { fail, MESH_ATTACH_CONFIG_TIMEOUT, ok, valueIn, type Result } from '@hostmesh/core';
import { systemClock, type Clock } from '../clock/clock.ts';
import type { HostLinks } from '../links/host-links.ts';
import { DEFAULT_CONCURRENCY } from '../links/reach.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import { RESTORE_BUDGET_MS, restoreHosts } from '../restore/restore-config.ts';
import { configPushError, type PushOccasion } from './config-push-error.ts';
import type { PushRow, PushVerdict } from './push-board.ts';
import type { PushFault, PushOptions, PushSettings } from './push-options.ts';
import type { PushReport } from './push-report.ts';
import { PushRun } from './push-run.ts';

/** Share of the timeout, after the deadline, that the result may wait for the cleaning up. */
const CLEANUP_SHARE = 0.025;
/** How long the result of a cancelled push, which has no deadline, waits for the cleaning up. */
const CLEANUP_AFTER_CANCEL_MS = 500;

/**
 * Pushes a snapshot to all hosts, or to none that can be told: when any host fails, all that may hold the snapshot
 * are asked to restore what they had before (design sections 7.1 to 7.3). The result comes by the deadline plus
 * 5 % at the latest; restores that take longer go on in `cleanup`. Connections stay in `links`, whose owner may
 * close them when `cleanup` has settled. Without hosts nothing is sent (reference section 6.2).
 */
export async function pushConfig(
  occasion: PushOccasion,
  targets: readonly HostTarget[],
  links: HostLinks,
  options: PushOptions,
): Promise<Result<PushReport, PushFault>> {
  const settings = pushSettings(options);
  const run = new PushRun(targets, links, settings);
  const verdict = targets.length === 0 ? 'installed' : await run.run();
  if (verdict === 'installed') return ok(run.report());

  const error = configPushError(occasion, run.hosts.flatMap(entryOf));
  const clean = settings.healing === true ? Promise.resolve() : cleanUp(run, links, settings);
  const cleanup = clean.then(() => run.report());
  await settledBy(returnAt(verdict, run.deadlineAt, settings), cleanup, settings.clock);
  return fail({
    code: verdict === 'cancelled' ? 'cancelled' : 'config_push_failed',
    message: error.message,
    error,
    report: run.report(),
    cleanup,
  });
}

const pushSettings = (options: PushOptions): PushSettings => ({
  ...options,
  timeoutMs: options.timeoutMs ?? valueIn(options.snapshot.attrs, MESH_ATTACH_CONFIG_TIMEOUT),
  waitForHostsMs: options.waitForHostsMs ?? 0,
  concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  clock: options.clock ?? systemClock,
  random: options.random ?? Math.random,
});

/** Asks every host that is not known to be clean; the others need nothing. */
function cleanUp(run: PushRun, links: HostLinks, settings: PushSettings): Promise<void> {
  const targets = run.hosts.filter(mayHold);
  for (const host of run.hosts) run.restored(host.rank, { kind: mayHold(host) ? 'pending' : 'not_needed' });
  const { epoch, transport, concurrency, clock, random } = settings;
  return restoreHosts(
    targets.map((host) => ({ ...host, acknowledged: host.push.kind === 'installed' })),
    epoch,
    { transport, links, budgetMs: RESTORE_BUDGET_MS, concurrency, clock, random },
    (rank, restore) => run.restored(rank, restore),
  );
}

const mayHold = ({ push }: PushRow): boolean =>
  push.kind === 'installed' || (push.kind === 'failed' && push.mayHold);

const entryOf = ({ rank, text, push }: PushRow) =>
  push.kind === 'failed'
    ? [{ rank, address: text, ...(push.host && { hostId: push.host.hostId }), failure: push.failure }]
    : [];

/** Until when, by the clock, the result may wait for the cleaning up, which has a budget of its own besides. */
function returnAt(
  verdict: PushVerdict,
  deadlineAt: number | null,
  { clock, timeoutMs }: PushSettings,
): number {
  if (verdict === 'cancelled') return clock.now() + CLEANUP_AFTER_CANCEL_MS;
  return (deadlineAt ?? clock.now() + timeoutMs) + timeoutMs * CLEANUP_SHARE;
}

async function settledBy(at: number, cleanup: Promise<PushReport>, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancelTimer = clock.after(Math.max(0, at - clock.now()), resolve);
    void cleanup.then(() => {
      cancelTimer();
      resolve();
    });
  });
}
