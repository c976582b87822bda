import { followEvents, type ApiFault } from '@hostmesh/client';
import { routes, type Attempt } from '@hostmesh/contract';
import { ok, type Result } from '@hostmesh/core';
import { exitCodes, showFault, type Context, type ExitCode } from '../context.ts';
import { attemptText } from '../output/attempt.ts';

const POLL_MS = 1000;

/** Shows an attempt, waiting for its end first unless `wait` is false; exit code 0 only when it attached. */
export async function awaitAttempt(
  context: Context,
  started: Result<Attempt, ApiFault>,
  wait: boolean,
): Promise<ExitCode> {
  if (!started.ok) return showFault(context, started.fault);
  const ended = wait ? await ending(context, started.value) : started;
  if (!ended.ok) return showFault(context, ended.fault);
  const attempt = ended.value;
  context.out(context.json ? JSON.stringify(attempt, null, 2) : attemptText(attempt));
  if (attempt.state === 'attached' || (attempt.state === 'running' && !wait)) return exitCodes.ok;
  if (attempt.state === 'running') context.err(`The attempt goes on: hostmesh attempts show ${attempt.id}`);
  return exitCodes.failed;
}

/** The attempt once it no longer runs, by events and, should those not come, by asking. */
async function ending(context: Context, started: Attempt): Promise<Result<Attempt, ApiFault>> {
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  let latest: Result<Attempt, ApiFault> = ok(started);
  const update = (attempt: Attempt) => {
    latest = ok(attempt);
    drawProgress(context, attempt);
    if (attempt.state !== 'running') done.abort();
  };
  update(started);
  await Promise.all([
    followEvents(context.client, {
      filter: { attempt: started.id },
      signal,
      onEvent: (event) =>
        event.type === 'attempt.changed' && event.attempt.id === started.id && update(event.attempt),
    }),
    poll(context, started.id, signal, update),
  ]);
  return latest;
}

async function poll(
  context: Context,
  id: string,
  signal: AbortSignal,
  update: (attempt: Attempt) => void,
): Promise<void> {
  while (!signal.aborted) {
    const reply = await context.client.call(routes.getAttempt, { params: { id }, signal });
    if (signal.aborted) return;
    if (reply.ok) update(reply.value);
    await pause(POLL_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function drawProgress(context: Context, { counts, state }: Attempt): void {
  const line = `${counts.installed} of ${counts.total} installed, ${counts.failed} failed, ${counts.pending} waiting`;
  context.progress(state === 'running' ? line : null);
}
