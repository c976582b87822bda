import type { MeshHost } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useParams } from 'next/navigation';
import { useMemo } from 'react';
import { links } from '../links.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { EmptyState } from '../ui/feedback/states.tsx';
import { Matrix } from '../ui/matrix/matrix.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { Section } from '../ui/page/page-header.tsx';
import { healthMarks } from '../ui/state/mark.ts';
import { meshHostColumns } from './mesh-host-columns.tsx';

/** Fewer hosts than this are better read in the table than seen in a matrix. */
const MATRIX_FROM = 12;

/** The hosts of a mesh as a grid, by shape and colour, and as a table to filter, select and open. */
export function MeshHosts({ meshId, hosts }: { meshId: string; hosts: readonly MeshHost[] }) {
  const { pushBeside } = useNavigate();
  const { rank } = useParams<{ rank?: string }>();
  const marks = useMemo(() => hosts.map((host) => healthMarks[host.health]), [hosts]);
  const open = (index: number) => {
    const host = hosts[index];
    if (host !== undefined) pushBeside(links.meshHost(meshId, host.rank));
  };
  return (
    <Section title={countOf(hosts.length, 'host')}>
      {hosts.length >= MATRIX_FROM && (
        <Matrix
          marks={marks}
          labelOf={(index) => hosts[index]?.address ?? ''}
          noun="hosts"
          onOpen={open}
          legendHref={(word) => links.mesh(meshId, { filter: `health:${word.replaceAll(' ', '_')}` })}
        />
      )}
      <DataTable
        name="mesh-hosts"
        noun={['host', 'hosts']}
        rows={hosts}
        rowId={rowId}
        rowLabel={(host) => host.address}
        columns={meshHostColumns}
        rowHref={(host) => links.meshHost(meshId, host.rank)}
        opensBeside
        openId={rank}
        actions={(selected) => <CopyAddresses hosts={selected} />}
        empty={
          <EmptyState title="No hosts" action={<ButtonLink href={links.attach()}>Attach hosts</ButtonLink>}>
            This mesh was attached without hosts.
          </EmptyState>
        }
      />
    </Section>
  );
}

const rowId = (host: MeshHost) => String(host.rank);

function CopyAddresses({ hosts }: { hosts: readonly MeshHost[] }) {
  async function copy() {
    try {
      await navigator.clipboard.writeText(hosts.map((host) => host.address).join('\n'));
      notify('good', `Copied ${countOf(hosts.length, 'address', 'addresses')}.`);
    } catch {
      notify('failed', 'The browser did not allow copying.');
    }
  }
  return <Button onClick={() => void copy()}>Copy addresses</Button>;
}
