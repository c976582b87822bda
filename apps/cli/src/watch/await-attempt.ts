import type { ApiFault } from '@hostmesh/client';
import { routes, type Attempt } from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import { showFault, type Context } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { attemptText } from '../output/attempt-text.ts';
import { watchUntilDone } from './watch.ts';

/** Shows an attempt, waiting for its end first unless `wait` is false; exit code 0 only when it attached. */
export async function awaitAttempt(
  context: Context,
  started: Result<Attempt, ApiFault>,
  wait: boolean,
): Promise<ExitCode> {
  if (!started.ok) return showFault(context, started.fault);
  const latest = wait ? await ending(context, started.value) : started;
  if (!latest.ok) return showFault(context, latest.fault);
  const attempt = latest.value;
  context.out(context.json ? JSON.stringify(attempt, null, 2) : attemptText(attempt));
  if (attempt.state === 'attached' || (attempt.state === 'running' && !wait)) return exitCodes.ok;
  if (attempt.state === 'running') context.err(`The attempt goes on: hostmesh attempts show ${attempt.id}`);
  return exitCodes.failed;
}

const ending = (context: Context, started: Attempt): Promise<Result<Attempt, ApiFault>> =>
  watchUntilDone(
    context,
    started,
    {
      filter: { attempt: started.id },
      fromEvent: (event) =>
        event.type === 'attempt.changed' && event.attempt.id === started.id ? event.attempt : undefined,
      read: (signal) => context.client.call(routes.getAttempt, { params: { id: started.id }, signal }),
      isDone: ({ state }) => state !== 'running',
      onChange: (attempt) => drawProgress(context, attempt),
    },
    context.signal,
  );

function drawProgress(context: Context, { counts, state }: Attempt): void {
  const line = `${counts.installed} of ${counts.total} installed, ${counts.failed} failed, ${counts.pending} waiting`;
  context.progress(state === 'running' ? line : null);
}
