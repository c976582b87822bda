'use client';

import { countOf } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { useMemo, type ReactNode } from 'react';
import { links } from '../../../links.ts';
import { configKeysQuery, configSnapshotQuery } from '../../../queries/config-queries.ts';
import { DataTable } from '../../../ui/data-table/data-table.tsx';
import { ErrorState, Skeleton } from '../../../ui/feedback/states.tsx';
import { Facts, PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';
import { Split } from '../../../ui/page/side-panel.tsx';
import { DigestText } from '../../../ui/text/mono.tsx';
import { formatBytes } from '../../../ui/text/plain-text.ts';
import { keyColumns, type KeyRow } from './key-columns.tsx';

/** Declared keys, and the snapshot that an attach would send now. The list stays while panels of its keys come and go. */
export default function ConfigLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageTitle>Config</PageTitle>
      <Config panel={children} />
    </>
  );
}

function Config({ panel }: { panel: ReactNode }) {
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
    <Split panel={panel}>
      <PageHeader
        noun="Config"
        sentence={`An attach would send ${values.length} of ${countOf(rows.length, 'key')} now; ${
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
        columns={keyColumns}
        rowHref={(row) => links.configKey(row.key)}
        opensBeside
        openId={key}
        empty={<p>No keys are declared.</p>}
      />
    </Split>
  );
}
