import type { Attempt, FailureGroup } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { failureMark } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Address } from '../ui/text/mono.tsx';
import { adviceFor } from './advice.ts';
import styles from './attempt.module.css';

/** Failures by cause, biggest first, each with what it usually means and what to try. */
export function AttemptFailures({ attempt }: { attempt: Attempt }) {
  if (attempt.failureGroups.length === 0) return null;
  return (
    <Section title="What went wrong">
      <ul className={styles['groups']}>
        {attempt.failureGroups.map((group) => (
          <Group key={`${group.kind} ${group.code} ${group.message}`} attempt={attempt} group={group} />
        ))}
      </ul>
    </Section>
  );
}

function Group({ attempt, group }: { attempt: Attempt; group: FailureGroup }) {
  const advice = adviceFor(group.kind, group.code);
  const code = group.code === null ? '' : ` code:${group.code}`;
  return (
    <li>
      <div className={styles['groupHead']}>
        <StateMark mark={failureMark(group)} />
        <strong>{group.message}</strong>
        {group.code !== null && <code className="quiet">{group.code}</code>}
        <AppLink
          replace
          scroll={false}
          href={links.attempt(attempt.id, { filter: `kind:${group.kind}${code}` })}
        >
          {group.count} of {attempt.counts.total} hosts
        </AppLink>
      </div>
      {group.count === 1 ? (
        <Address text={group.firstAddress} />
      ) : (
        <span className="quiet">
          first: <Address text={group.firstAddress} />
        </span>
      )}
      {advice !== null && (
        <p className="quiet">
          {advice.meaning} {advice.tryThis}
        </p>
      )}
    </li>
  );
}
