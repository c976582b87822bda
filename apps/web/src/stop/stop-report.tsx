'use client';

import type { StopOutcome } from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { ReportDialog } from '../ui/overlay/modal-dialog.tsx';
import styles from '../ui/overlay/overlay.module.css';
import { stopOutcomeMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { withoutLead } from '../ui/text/plain-text.ts';
import { summarizeStop } from './stop-text.ts';

const LISTED = 500;

/** How a stop went, proc by proc; those that are not known to have ended come first. */
export function StopReport(props: { outcomes: readonly StopOutcome[]; total: number; onClose: () => void }) {
  const { outcomes, total, onClose } = props;
  const { notEnded, ended, steps } = summarizeStop(outcomes, total);
  return (
    <ReportDialog title={`Stop: ${formatCount(ended)} of ${countOf(total, 'proc')} ended`} onClose={onClose}>
      {notEnded.length === 0 ? (
        <p>No process of them is left.</p>
      ) : (
        <p>
          {countOf(notEnded.length, 'proc')} {oneOrMany(notEnded.length, 'is', 'are')} not known to have
          ended. What runs there may still be running.
        </p>
      )}
      {steps !== '' && <p className="quiet">Ended: {steps}.</p>}
      <Outcomes outcomes={notEnded} />
      {notEnded.length < outcomes.length && (
        <details open={notEnded.length === 0 && outcomes.length <= 12}>
          <summary>{notEnded.length === 0 ? 'Outcome of each' : 'Outcome of each of the others'}</summary>
          <Outcomes outcomes={outcomes.filter((outcome) => !notEnded.includes(outcome))} />
        </details>
      )}
    </ReportDialog>
  );
}

/** The message of an outcome without its word and its address, which stand beside it. */
const messageOf = ({ message, outcome, hostAddress }: StopOutcome): string =>
  withoutLead(withoutLead(message, stopOutcomeMarks[outcome].word), hostAddress);

function Outcomes({ outcomes }: { outcomes: readonly StopOutcome[] }) {
  if (outcomes.length === 0) return null;
  return (
    <div className={styles['targets']}>
      <ul tabIndex={0} aria-label="Outcomes">
        {outcomes.slice(0, LISTED).map((one) => (
          <li key={one.id}>
            <StateMark mark={stopOutcomeMarks[one.outcome]} /> rank {one.rank} <code>{one.hostAddress}</code>{' '}
            <span className="quiet">{messageOf(one)}</span>
          </li>
        ))}
      </ul>
      {outcomes.length > LISTED && <p className="quiet">and {formatCount(outcomes.length - LISTED)} more</p>}
    </div>
  );
}
