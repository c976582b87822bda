import { shownJson } from '@hostmesh/core';
import type { ApiFault } from '@hostmesh/client';
import { routes, type Attempt } from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import { showFault, type Context } from '../context.ts';
import { exitCodeOfAttempt, exitCodes, type ExitCode } from '../exit-code.ts';
import { attemptText } from '../output/attempt-text.ts';
import { watchUntilDone } from './watch.ts';

/** How often an attempt is looked at, each second, once its verdict is known: hosts are asked what is left for 5 s. */
const LOOKS_AT_CLEANUP = 10;

/**
 * How far an attempt is waited for.
 * - `none`: not at all
 * - `verdict`: until it has attached or has not
 * - `all`: until it is known, too, what is left of it on its hosts
 */
export type AttemptWait = 'none' | 'verdict' | 'all';

/** The wait that the options `--no-wait` and `--no-wait-cleanup` ask for. */
export function attemptWaitOf(options: {
  readonly wait: boolean;
  readonly waitCleanup: boolean;
}): AttemptWait {
  if (!options.wait) return 'none';
  return options.waitCleanup ? 'all' : 'verdict';
}

/** Shows an attempt once it has been waited for; exit code 0 only when it attached, or is not waited for. */
export async function awaitAttempt(
  context: Context,
  started: Result<Attempt, ApiFault>,
  wait: AttemptWait,
): Promise<ExitCode> {
  if (!started.ok) return showFault(context, started.fault);
  const latest = wait === 'none' ? started : await ending(context, started.value, wait);
  if (!latest.ok) return showFault(context, latest.fault);
  const attempt = latest.value;
  context.out(context.json ? shownJson(attempt) : attemptText(attempt));
  if (wait === 'none') return attempt.state === 'running' ? exitCodes.ok : exitCodeOfAttempt(attempt);
  const goOn = `hostmesh attempts wait ${attempt.id}`;
  if (attempt.state === 'running') context.err(`The attempt goes on: ${goOn}`);
  else if (attempt.finishedAt === null) context.err(`What is left on its hosts is not known yet: ${goOn}`);
  return exitCodeOfAttempt(attempt);
}

async function ending(
  context: Context,
  started: Attempt,
  wait: Exclude<AttemptWait, 'none'>,
): Promise<Result<Attempt, ApiFault>> {
  const late = new AbortController();
  const signal = AbortSignal.any([context.signal, late.signal]);
  const isDone = ({ state, finishedAt }: Attempt) =>
    wait === 'all' ? finishedAt !== null : state !== 'running';
  let looksLeft = Number.POSITIVE_INFINITY;
  const ended = await watchUntilDone(
    context,
    started,
    {
      filter: { attempt: started.id },
      fromEvent: (event) =>
        event.type === 'attempt.changed' && event.attempt.id === started.id ? event.attempt : undefined,
      read(until) {
        looksLeft -= 1;
        if (looksLeft < 0) late.abort();
        return context.client.call(routes.getAttempt, { params: { id: started.id }, signal: until });
      },
      isDone,
      onChange(attempt) {
        context.progress(isDone(attempt) ? null : progressText(attempt));
        if (attempt.state !== 'running') looksLeft = Math.min(looksLeft, LOOKS_AT_CLEANUP);
      },
    },
    signal,
  );
  context.progress(null);
  return ended;
}

function progressText({ counts, state }: Attempt): string {
  if (state !== 'running') return `${state}; ${counts.restoring} still being asked to restore`;
  return `${counts.installed} of ${counts.total} installed, ${counts.failed} failed, ${counts.pending} waiting`;
}
