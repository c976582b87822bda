import type { ProcDetail } from '@hostmesh/contract';
import { timesText } from '@hostmesh/core';
import { textOfAnsi } from '../log/ansi.ts';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Time, Until } from '../ui/time/time.tsx';
import { adviceForEnd } from './proc-advice.ts';
import styles from './proc.module.css';

/** How a proc stands, since when, and what that usually means. */
export function ProcStanding({ proc, noMark = false }: { proc: ProcDetail; noMark?: boolean }) {
  const isFailure = proc.status === 'Failed' || proc.status === 'Timeout';
  const isTailShown = isFailure && proc.stderrTail.length > 0;
  const advice = isFailure ? adviceForEnd(proc) : null;
  return (
    <>
      <div className={styles['standing']}>
        {!noMark && <StateMark mark={procMarks[proc.status]} large />}
        {proc.statusText !== proc.status.toLowerCase() && <strong>{proc.statusText}</strong>}
        <span className="quiet">
          since <Time at={proc.since} /> ({proc.since})
        </span>
      </div>
      {proc.formerEnd !== null && (
        <>
          <p>
            The run before ended <Time at={proc.formerEnd.at} />: <strong>{proc.formerEnd.text}</strong>
            {proc.restarts > 0 && `, restarted ${timesText(proc.restarts)}`}.
          </p>
          {!isTailShown && proc.formerEnd.stderrTail.length > 0 && (
            <pre className={styles['tail']} tabIndex={0} aria-label="Last lines of stderr of the run before">
              {proc.formerEnd.stderrTail.map(textOfAnsi).join('\n')}
            </pre>
          )}
        </>
      )}
      {proc.nextRestartAt !== null && (
        <p>
          It restarts <Until at={proc.nextRestartAt} />.
        </p>
      )}
      {proc.status === 'Unknown' && (
        <p>
          Its host cannot be heard{' '}
          {proc.lastHeardAt === null ? (
            ''
          ) : (
            <>
              and was last heard <Time at={proc.lastHeardAt} />
            </>
          )}
          . It may run or not; nothing better is known until the host answers.
        </p>
      )}
      {advice !== null && (
        <p className="quiet">
          {advice.meaning} {advice.tryThis}
        </p>
      )}
      {isTailShown && (
        <pre className={styles['tail']} tabIndex={0} aria-label="Last lines of stderr">
          {proc.stderrTail.map(textOfAnsi).join('\n')}
        </pre>
      )}
    </>
  );
}
