import { callAllPages, followLogs, type ApiFault } from '@hostmesh/client';
import { routes, type LogEvent, type Proc, type ProcMeshView } from '@hostmesh/contract';
import { countOf, inParallel } from '@hostmesh/core';
import { showFault, type Context } from '../context.ts';
import { printingSink, type LogSink } from './log-sink.ts';
import { sayGap, type Reading } from './read-output.ts';

/** Each is followed on a connection of its own. */
export const MAX_FOLLOWED = 100;

/** Shows what the procs of a mesh write, from the start, until none will write more or on Ctrl-C. */
export async function followOutput(context: Context, procMesh: ProcMeshView): Promise<void> {
  const params = { id: procMesh.id };
  const procs = await callAllPages(context.client, routes.listMeshProcs, { params });
  if (!procs.ok) return void showFault(context, procs.fault);
  if (procs.value.length > MAX_FOLLOWED)
    return context.err(
      `${countOf(procs.value.length, 'proc')} are too many to follow: hostmesh logs -f ${procMesh.id} --ranks 0..${MAX_FOLLOWED}`,
    );
  const sink = printingSink(context, procs.value.length > 1);
  const fault = await followEach(context, procs.value, { tail: undefined, stream: undefined }, sink);
  await sink.end();
  if (fault !== undefined) showFault(context, fault);
}

/** Takes what the procs write until none will write more, or the signal fires. */
export async function followEach(
  context: Context,
  procs: readonly Proc[],
  { tail, stream }: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  let fault: ApiFault | undefined;
  // One that cannot write ends all of them.
  const broken = new AbortController();
  const signal = AbortSignal.any([context.signal, broken.signal]);
  await inParallel(procs, procs.length, async (proc) => {
    // In order, without holding the stream up.
    let written = Promise.resolve();
    const end = await followLogs(context.client, proc.id, {
      ...(tail === undefined ? { after: 0 } : { tail }),
      stream,
      signal,
      onEvent(event) {
        written = written.then(() => take(context, proc, event, sink));
        written.catch(() => broken.abort());
      },
    });
    await written;
    if (!end.ok) fault ??= end.fault;
  });
  return fault;
}

async function take(context: Context, proc: Proc, event: LogEvent, sink: LogSink): Promise<void> {
  switch (event.type) {
    case 'entries':
      for (const entry of event.entries) await sink.write(proc, entry);
      await sink.open(proc, event.open);
      return;
    case 'gap':
      return sayGap(context, proc, event.gap);
    case 'stalled':
      return context.err(`hostmesh: rank ${proc.rank}: ${event.reason}; asking again`);
    case 'ended':
  }
}
