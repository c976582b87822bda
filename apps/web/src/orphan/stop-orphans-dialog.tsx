'use client';

import { routes, type Orphan, type StopOrphansReply } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { orphansQuery } from '../queries/proc-queries.ts';
import { notify } from '../ui/feedback/notices.tsx';
import { ConfirmDialog, useIsShown } from '../ui/overlay/confirm-dialog.tsx';
import { ReportDialog } from '../ui/overlay/modal-dialog.tsx';
import styles from '../ui/overlay/overlay.module.css';
import { stopOutcomeMarks, type Mark } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';

/** The API takes so many in one request. */
const AT_ONCE = 1000;

/** Stops procs that nobody accounts for, and shows how it went for each. */
export function StopOrphansDialog({ orphans, onClose }: { orphans: readonly Orphan[]; onClose: () => void }) {
  const queries = useQueryClient();
  const isShown = useIsShown();
  const stop = useMutation<StopOrphansReply['outcomes'], ApiError>({
    async mutationFn() {
      const procs = orphans.map(({ meshId, hostRank, procMeshId, procId }) => ({
        meshId,
        hostRank,
        procMeshId,
        procId,
      }));
      const outcomes: StopOrphansReply['outcomes'] = [];
      for (let at = 0; at < procs.length; at += AT_ONCE) {
        const body = { procs: procs.slice(at, at + AT_ONCE) };
        outcomes.push(...(await valueOf(client.call(routes.stopOrphans, { body }))).outcomes);
      }
      return outcomes;
    },
    onSuccess(outcomes) {
      if (isShown()) return;
      const ended = outcomes.filter(isEnded).length;
      const text = `Stop: ${formatCount(ended)} of ${countOf(outcomes.length, 'orphan')} ended`;
      if (ended === outcomes.length) notify('good', `${text}.`);
      else notify('failed', `${text}. Those that are left are listed again when the hosts have been asked.`);
    },
    onError(error) {
      if (!isShown()) notify('failed', `Stop of ${countOf(orphans.length, 'orphan')}: ${error.message}`);
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: orphansQuery().queryKey }),
  });
  if (stop.data !== undefined) return <Report outcomes={stop.data} onClose={onClose} />;
  const owners = [...new Set(orphans.map(({ owner }) => owner))];
  return (
    <ConfirmDialog
      title={`Stop ${countOf(orphans.length, 'orphan')}`}
      targets={orphans.map(({ procId, program, hostAddress }) => `${procId} · ${program} · ${hostAddress}`)}
      noun="proc"
      verb={`Stop ${countOf(orphans.length, 'proc')}`}
      word="stop"
      isPending={stop.isPending}
      error={stop.error}
      onConfirm={() => stop.mutate()}
      onClose={onClose}
    >
      <p>
        They were started by {owners.slice(0, 3).join(', ')}
        {owners.length > 3 && ` and ${countOf(owners.length - 3, 'other')}`}. If one of them still needs its
        procs, it loses them.
      </p>
    </ConfirmDialog>
  );
}

function Report({ outcomes, onClose }: { outcomes: StopOrphansReply['outcomes']; onClose: () => void }) {
  const ended = outcomes.filter(isEnded).length;
  return (
    <ReportDialog
      title={`Stop: ${formatCount(ended)} of ${countOf(outcomes.length, 'orphan')} ended`}
      onClose={onClose}
    >
      <div className={styles['targets']}>
        <ul tabIndex={0} aria-label="Outcomes">
          {outcomes.map(({ procId, outcome, message }) => (
            <li key={procId}>
              <StateMark mark={markOf(outcome)} /> <code>{procId}</code>{' '}
              <span className="quiet">{message}</span>
            </li>
          ))}
        </ul>
      </div>
    </ReportDialog>
  );
}

const isEnded = ({ outcome }: { readonly outcome: string }): boolean =>
  outcome !== 'unreachable' && outcome !== 'still_running';

/** The mark of an outcome; one that this version does not know is shown by its own name. */
const markOf = (outcome: string): Mark =>
  // The outcome is any text: newer servers may send others, which the table does not have.
  (stopOutcomeMarks as Partial<Record<string, Mark>>)[outcome] ?? { tone: 'unknown', word: outcome };
