import type { Attempt } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import type { Tone } from '../ui/state/mark.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import styles from './attempt.module.css';

/** How many hosts are where, as a bar and as counts that lead to those hosts. Counts always with their whole. */
export function Progress({ attempt }: { attempt: Attempt }) {
  const { total, installed, failed, pending } = attempt.counts;
  // What was rolled back is no success: only an attempt that runs or attached shows it as such.
  const done: Tone = attempt.state === 'running' || attempt.state === 'attached' ? 'good' : 'ended';
  const waiting = attempt.state === 'running' ? 'waiting' : 'not tried';
  return (
    <div className={styles['progress']}>
      <div
        className={styles['bar']}
        role="progressbar"
        aria-label="Hosts with a result"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={installed + failed}
        aria-valuetext={`${installed + failed} of ${total} hosts have a result`}
      >
        <Part tone={done} count={installed} total={total} />
        <Part tone="failed" count={failed} total={total} />
      </div>
      <ul className={styles['counts']}>
        <Count attempt={attempt} tone={done} filter="state:installed" count={installed} word="installed" />
        <Count attempt={attempt} tone="failed" filter="state:failed" count={failed} word="failed" />
        {pending > 0 && (
          <Count
            attempt={attempt}
            tone={attempt.state === 'running' ? 'moving' : 'absent'}
            filter="state:queued,connecting,awaiting_ack"
            count={pending}
            word={waiting}
          />
        )}
        <CleanUp attempt={attempt} />
      </ul>
    </div>
  );
}

/** SVG takes its width from an attribute, which the content policy allows where a style is refused. */
function Part({ tone, count, total }: { tone: Tone; count: number; total: number }) {
  if (count === 0 || total === 0) return null;
  return (
    <svg width={`${(count / total) * 100}%`} height="8" data-tone={tone} aria-hidden="true">
      <rect width="100%" height="8" fill="currentColor" />
    </svg>
  );
}

function Count(props: { attempt: Attempt; tone: Tone; filter: string; count: number; word: string }) {
  return (
    <li>
      <AppLink replace scroll={false} href={links.attempt(props.attempt.id, { filter: props.filter })}>
        <Shape tone={props.tone} /> {props.count} of {props.attempt.counts.total} {props.word}
      </AppLink>
    </li>
  );
}

/** What became of the hosts that had installed the config of an attempt that failed. */
function CleanUp({ attempt }: { attempt: Attempt }) {
  const { restored, residue } = attempt.counts;
  return (
    <>
      {restored > 0 && (
        <Count attempt={attempt} tone="ended" filter="restore:restored" count={restored} word="restored" />
      )}
      {residue > 0 && (
        <Count
          attempt={attempt}
          tone="failed"
          filter="restore:residue"
          count={residue}
          word="left with residue"
        />
      )}
    </>
  );
}
