'use client';

import { worstFirst, type ConfigChange, type PreflightHost, type PreflightReply } from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { addressColumn, idColumn, numberColumn, stateColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { failureMark, type Mark } from '../ui/state/mark.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import styles from './attach.module.css';

const verdictTones = { would_fail: 'failed', warnings: 'timeout', fine: 'good' } as const;
const answersMark: Mark = { tone: 'good', word: 'answers' };

const columns: readonly Column<PreflightHost>[] = [
  addressColumn(),
  numberColumn('rank', 'Rank', ({ rank }) => rank, { width: 64 }),
  stateColumn(
    ({ failure }) => failure?.kind ?? 'answers',
    ({ failure }) => (failure === null ? answersMark : failureMark(failure)),
    { width: 130 },
  ),
  {
    id: 'look',
    header: 'To look at',
    value: ({ failure, warnings }) =>
      [failure?.message ?? '', ...warnings].filter(Boolean).join('; ') || null,
    width: 260,
    grow: true,
    narrow: true,
  },
  {
    id: 'changes',
    header: 'Changes',
    value: ({ changes, reachable }) => (reachable ? changes.length : null),
    width: 90,
    numeric: true,
  },
  {
    id: 'shadowed',
    header: 'Shadowed keys',
    value: ({ shadowedKeys }) =>
      shadowedKeys.map(({ key, layer }) => `${key} by ${layer}`).join(', ') || null,
    width: 200,
    grow: true,
  },
  { id: 'owner', header: 'Config of', value: ({ owner }) => owner, width: 120 },
  idColumn('host', 'Host id', ({ hostId }) => hostId, { width: 190, hidden: true }),
  { id: 'name', header: 'Host name', value: ({ hostname }) => hostname, width: 130, hidden: true },
  { id: 'agent', header: 'Agent', value: ({ agentVersion }) => agentVersion, width: 90, hidden: true },
];

/** What the hosts said when they were only asked: who answers, what would change, what to look at first. */
export function PreflightPanel({ reply }: { reply: PreflightReply }) {
  const { total, reachable, failed } = reply.counts;
  const { kind, summary, sentences } = reply.verdict;
  return (
    <div className={styles['preflight']} data-testid="preflight">
      <p role="status">
        <Shape tone={verdictTones[kind]} /> {formatCount(reachable)} of {countOf(total, 'host')}{' '}
        {oneOrMany(reachable, 'answers', 'answer')}
        {failed > 0 && `; an attach would fail on ${failed}`}. {sentences[0] === summary ? '' : summary}
      </p>
      {sentences.length > 0 && (
        <ul>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {groupChanges(reply.hosts).map((group) => (
        <details key={group.addresses[0]}>
          <summary>
            {formatCount(group.addresses.length)} of {countOf(total, 'host')} would change{' '}
            {countOf(group.changes.length, 'value')}
            <span className="quiet">
              {' '}
              {group.addresses.slice(0, 2).join(', ')}
              {group.addresses.length > 2 ? ' …' : ''}
            </span>
          </summary>
          <Diff changes={group.changes} />
        </details>
      ))}
      <DataTable
        name="preflight"
        noun={['host', 'hosts']}
        urlPrefix="preflight-"
        rows={worstFirst(reply.hosts)}
        rowId={({ rank }) => String(rank)}
        rowLabel={({ address }) => address}
        columns={columns}
        empty={null}
      />
    </div>
  );
}

function Diff({ changes }: { changes: readonly ConfigChange[] }) {
  return (
    <table className={styles['diff']}>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Now</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ key, from, to }) => (
          <tr key={key}>
            <th scope="row">
              <code>{key}</code>
            </th>
            <td>{from === null ? <span className="quiet">not set</span> : <code>{from}</code>}</td>
            <td>{to === null ? <span className="quiet">not set</span> : <code>{to}</code>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Hosts that would change in the same way. */
interface ChangeGroup {
  readonly changes: readonly ConfigChange[];
  readonly addresses: readonly string[];
}

/** Hosts with the same changes together, biggest group first; hosts without changes are in none. */
function groupChanges(hosts: readonly PreflightHost[]): readonly ChangeGroup[] {
  const groups = new Map<string, { changes: readonly ConfigChange[]; addresses: string[] }>();
  for (const { changes, address } of hosts) {
    if (changes.length === 0) continue;
    const same = JSON.stringify(changes);
    const group = groups.get(same) ?? { changes, addresses: [] };
    group.addresses.push(address);
    groups.set(same, group);
  }
  return [...groups.values()].sort((a, b) => b.addresses.length - a.addresses.length);
}
