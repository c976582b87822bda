import type { Attempt, FailureGroup } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { links } from '../links.ts';
import { AdviceText, FailureGroupItem, FailureGroups } from '../ui/page/failure-groups.tsx';
import { failureMark } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Address } from '../ui/text/mono.tsx';
import { adviceFor } from './attempt-advice.ts';

/** Failures by cause, biggest first, each with what it usually means and what to try. */
export function AttemptFailures({ attempt }: { attempt: Attempt }) {
  if (attempt.failureGroups.length === 0) return null;
  return (
    <FailureGroups>
      {attempt.failureGroups.map((group) => (
        <Group key={`${group.kind} ${group.code} ${group.message}`} attempt={attempt} group={group} />
      ))}
    </FailureGroups>
  );
}

/** As many hosts of a group are all named. */
const NAMED = 2;

/** The hosts that failed alike, as far as the attempt carries them, in rank order. */
export const addressesOf = (
  { failures }: Pick<Attempt, 'failures'>,
  { kind, code, message }: Pick<FailureGroup, 'kind' | 'code' | 'message'>,
): readonly string[] =>
  failures.flatMap(({ address, failure }) => {
    const isAlike =
      failure.kind === kind &&
      failure.message === message &&
      ('code' in failure ? failure.code : null) === code;
    return isAlike ? [address] : [];
  });

function GroupHosts({ group, addresses }: { group: FailureGroup; addresses: readonly string[] }) {
  if (group.firstAddress === null) return <span className="quiet">no host is to blame</span>;
  if (group.count > NAMED || addresses.length < group.count) {
    return (
      <span className="quiet">
        first: <Address text={group.firstAddress} />
      </span>
    );
  }
  return addresses.map((address, index) => (
    <span key={address}>
      {index > 0 && ' and '}
      <Address text={address} />
    </span>
  ));
}

function Group({ attempt, group }: { attempt: Attempt; group: FailureGroup }) {
  const code = group.code === null ? '' : ` code:${group.code}`;
  return (
    <FailureGroupItem
      cause={
        <>
          <StateMark mark={failureMark(group)} />
          <strong>{group.message}</strong>
          {group.code !== null && <code className="quiet">{group.code}</code>}
        </>
      }
      href={links.attempt(attempt.id, { filter: `kind:${group.kind}${code}` })}
      count={`${formatCount(group.count)} of ${countOf(attempt.counts.total, 'host')}`}
    >
      <GroupHosts group={group} addresses={addressesOf(attempt, group)} />
      <AdviceText advice={adviceFor(group.kind, group.code)} />
    </FailureGroupItem>
  );
}
