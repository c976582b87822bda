'use client';

import type { ConfigKeyInfo } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { useMemo, type ReactNode } from 'react';
import { links } from '../links.ts';
import type { Column } from '../ui/data-table/column.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { Facts, PageHeader } from '../ui/page/page-header.tsx';
import { Split } from '../ui/page/side-panel.tsx';
import { formatBytes } from '../ui/text/bytes.ts';
import { DigestText } from '../ui/text/mono.tsx';
import { configKeysQuery, configSnapshotQuery } from '../queries/config-queries.ts';

/** A declared key with what the snapshot says about it now; both null for keys that are not sent. */
export interface KeyRow extends ConfigKeyInfo {
  readonly now: string | null;
  readonly source: string | null;
}

const code = (text: string | null) =>
  text !== null && <code translate="no">{text === '' ? '(empty)' : text}</code>;

const columns: readonly Column<KeyRow>[] = [
  { id: 'key', header: 'Key', value: (row) => row.key, cell: (row) => code(row.key), width: 330, grow: true },
  {
    id: 'value',
    header: 'Value now',
    value: (row) => row.now,
    cell: (row) => (row.now === null ? <span className="quiet">not sent</span> : code(row.now)),
    width: 150,
    grow: true,
    narrow: true,
  },
  { id: 'source', header: 'From', value: (row) => row.source, width: 110, match: 'exact' },
  {
    id: 'default',
    header: 'Default',
    value: (row) => row.defaultValue,
    cell: (row) => code(row.defaultValue),
    width: 140,
  },
  { id: 'type', header: 'Type', value: (row) => row.type, width: 130 },
  { id: 'sent', header: 'Sent', value: (row) => (row.propagates ? 'yes' : 'no'), width: 70, match: 'exact' },
  {
    id: 'secret',
    header: 'Secret',
    value: (row) => (row.secret ? 'yes' : 'no'),
    width: 80,
    match: 'exact',
    hidden: true,
  },
  {
    id: 'env',
    header: 'Environment',
    value: (row) => row.envVar,
    cell: (row) => code(row.envVar),
    width: 340,
    hidden: true,
  },
  { id: 'meaning', header: 'Meaning', value: (row) => row.description, width: 360, hidden: true },
];

/** Declared keys, and the snapshot that an attach would send now. */
export function ConfigPage({ children }: { children: ReactNode }) {
  const keys = useQuery(configKeysQuery());
  const snapshot = useQuery(configSnapshotQuery());
  const { key } = useParams<{ key?: string }>();
  const rows = useMemo(() => {
    const sent = new Map(snapshot.data?.values.map((value) => [value.key, value]));
    return keys.data?.map((info): KeyRow => {
      const value = sent.get(info.key);
      return { ...info, now: value?.value ?? null, source: value?.source ?? null };
    });
  }, [keys.data, snapshot.data]);
  if (rows === undefined || snapshot.data === undefined) {
    const failed = [keys, snapshot].find((query) => query.isError);
    return (
      <>
        <PageHeader noun="Config" />
        {failed?.isError ? (
          <ErrorState
            what="The config could not be read"
            error={failed.error}
            onRetry={() => void failed.refetch()}
          />
        ) : (
          <Skeleton lines={10} />
        )}
      </>
    );
  }
  const { digest, sizeBytes, values } = snapshot.data;
  const changed = rows.filter((row) => row.now !== null && row.now !== row.defaultValue).length;
  return (
    <Split panel={children}>
      <PageHeader
        noun="Config"
        sentence={`An attach would send ${values.length} of ${rows.length} keys now; ${
          changed === 0 ? 'all have their defaults' : `${changed} of them differ from the default`
        }.`}
      />
      <Facts
        facts={[
          ['Snapshot', <DigestText key="digest" digest={digest} />],
          ['Size', formatBytes(sizeBytes)],
        ]}
      />
      <DataTable
        name="config-keys"
        noun={['key', 'keys']}
        rows={rows}
        rowId={(row) => row.key}
        rowLabel={(row) => row.key}
        columns={columns}
        rowHref={(row) => links.configKey(row.key)}
        opensBeside
        openId={key}
        empty={<p>No keys are declared.</p>}
      />
    </Split>
  );
}
