'use client';

import { routes, type Proc, type ProcMeshView, type StopOutcome } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.ts';
import { client } from '../api/client.ts';
import { viewKey } from '../live/views.ts';
import { mayRun } from '../standing/proc-mesh-standing.ts';
import { notify } from '../ui/feedback/notices.tsx';
import { ConfirmDialog, useIsShown } from '../ui/overlay/confirm-dialog.tsx';
import { printRanks } from './ranks-text.ts';
import { StopReport } from './stop-report.tsx';
import { stopNotice, unheardWords, waitingWords } from './stop-text.ts';

/** What is asked to end: everything that may still run, or these procs. */
export type StopTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly procs: readonly Proc[] };

/** Names exactly what ends, ends it, and then shows how it went proc by proc. */
export function StopDialog(props: {
  procMesh: ProcMeshView;
  /** Every proc of the mesh. */
  procs: readonly Proc[];
  target: StopTarget;
  onClose: () => void;
}) {
  const { procMesh, target, onClose } = props;
  const queries = useQueryClient();
  const isShown = useIsShown();
  const asked = target.kind === 'all' ? props.procs : target.procs;
  const stop = useMutation<readonly StopOutcome[], ApiError, readonly Proc[]>({
    async mutationFn(live) {
      const selectors =
        target.kind === 'all' ? [{}] : printRanks(live.map(({ rank }) => rank)).map((ranks) => ({ ranks }));
      const outcomes = await Promise.all(selectors.map((body) => stopSome(procMesh.id, body)));
      return outcomes.flatMap((some) => some);
    },
    onSuccess(outcomes, stopped) {
      const report = stopNotice(procMesh.name, outcomes, stopped.length);
      if (!isShown()) notify(report.tone, report.text);
    },
    onError(error) {
      if (!isShown()) notify('failed', `Stop of ${procMesh.name}: ${error.message}`);
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: viewKey('procMesh', procMesh.id) }),
  });
  // Once the stop is confirmed, this stays the list of what was live then: the report counts what ends of those.
  const live = stop.variables ?? asked.filter(mayRun);
  if (stop.data !== undefined)
    return <StopReport outcomes={stop.data} total={live.length} onClose={onClose} />;
  const unheard = unheardWords(live);
  const waiting = waitingWords(live);
  return (
    <ConfirmDialog
      title={
        target.kind === 'all'
          ? `Stop ${procMesh.name}`
          : `Stop ${countOf(live.length, 'proc')} of ${procMesh.name}`
      }
      targets={live.map(({ rank, id, hostAddress }) => `rank ${rank} · ${id} · ${hostAddress}`)}
      noun="proc"
      verb={`Stop ${countOf(live.length, 'proc')}`}
      word={procMesh.name}
      isPending={stop.isPending}
      error={stop.error}
      onConfirm={() => stop.mutate(live)}
      onClose={onClose}
    >
      <p>
        Each is asked to end (SIGTERM), then its whole process group is, and what is still there after that is
        killed (SIGKILL).{' '}
        {target.kind === 'all' ? 'The hosts stay attached.' : 'The other procs of this mesh go on.'}
      </p>
      {unheard !== null && <p>{unheard}</p>}
      {waiting !== null && <p>{waiting}</p>}
      {live.length < asked.length && (
        <p className="quiet">{countOf(asked.length - live.length, 'proc')} of these had already ended.</p>
      )}
      {procMesh.restart.policy !== 'never' && (
        <p className="quiet">
          What is stopped on purpose is not restarted, whatever the restart policy says.
        </p>
      )}
    </ConfirmDialog>
  );
}

/** Asks for one stop. One that did not end every proc is a problem document, which names those that are left. */
async function stopSome(id: string, body: { ranks?: string }): Promise<readonly StopOutcome[]> {
  const reply = await client.call(routes.stopProcMesh, { params: { id }, body });
  if (reply.ok) return reply.value.outcomes;
  const left = reply.fault.problem?.procFailures;
  if (reply.fault.code !== 'stop_incomplete' || left === undefined) throw new ApiError(reply.fault);
  return left.map((proc) => ({
    id: proc.id,
    rank: proc.rank,
    hostRank: proc.hostRank,
    hostAddress: proc.hostAddress,
    endedBy: null,
    outcome: proc.status === 'Unknown' ? 'unreachable' : 'still_running',
    message: proc.statusText,
  }));
}
