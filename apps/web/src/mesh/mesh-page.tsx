'use client';

import type { Mesh, MeshHost } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { AppLink } from '../ui/app-link.tsx';
import { useParams } from 'next/navigation';
import { useMemo, type ReactNode } from 'react';
import { links } from '../links.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { Matrix } from '../ui/matrix/matrix.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { Facts, PageHeader, Section, type Fact } from '../ui/page/page-header.tsx';
import { Split } from '../ui/page/side-panel.tsx';
import { usePageTitle } from '../ui/page/use-page-title.ts';
import { attemptMarks, healthMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { countOf } from '../ui/text/count.ts';
import { DigestText, Id, Mono } from '../ui/text/mono.tsx';
import { Time } from '../ui/time/time.tsx';
import { meshHostColumns } from './mesh-host-columns.tsx';
import { MeshActions } from './mesh-actions.tsx';
import { MeshProcMeshes } from './mesh-proc-meshes.tsx';
import { meshHostsQuery, meshQuery } from '../queries/mesh-queries.ts';
import { meshStanding } from '../standing/mesh-standing.ts';

/** Fewer hosts than this are better read in the table than seen in a matrix. */
const MATRIX_FROM = 12;

/** One mesh: how it stands, its facts, its hosts; `children` is the panel of the host that is open, if one is. */
export function MeshPage({ id, children }: { id: string; children: ReactNode }) {
  const mesh = useQuery(meshQuery(id));
  const hosts = useQuery(meshHostsQuery(id));
  const { rank } = useParams<{ rank?: string }>();
  const name = mesh.data?.name;
  usePageTitle(name && (rank === undefined ? name : `${name}, host ${decodeURIComponent(rank)}`));
  if (mesh.data === undefined) {
    return (
      <>
        <PageHeader noun="Mesh" />
        {mesh.isError ? (
          <ErrorState
            what="This mesh could not be read"
            error={mesh.error}
            onRetry={() => void mesh.refetch()}
          />
        ) : (
          <Skeleton />
        )}
      </>
    );
  }
  return (
    <Split panel={children}>
      <PageHeader
        noun={mesh.data.name}
        mark={meshStanding(mesh.data)}
        sentence={mesh.data.summary}
        actions={<MeshActions mesh={mesh.data} hosts={hosts.data} />}
      />
      <Facts facts={factsOf(mesh.data)} />
      <MeshProcMeshes mesh={mesh.data} />
      {hosts.data !== undefined ? (
        <MeshHosts meshId={id} hosts={hosts.data} />
      ) : hosts.isError ? (
        <ErrorState
          what="The hosts could not be read"
          error={hosts.error}
          onRetry={() => void hosts.refetch()}
        />
      ) : (
        <Skeleton lines={10} />
      )}
    </Split>
  );
}

function factsOf(mesh: Mesh): readonly Fact[] {
  const extent = Object.entries(mesh.extent).map(([label, size]) => `${label}=${size}`);
  return [
    ['Extent', <code key="extent">{extent.join(', ')}</code>],
    ['Config', <DigestText key="digest" digest={mesh.configDigest} />],
    ['Attached', <Time key="attached" at={mesh.attachedAt} />],
    ['Ended', mesh.endedAt === null ? null : <Time key="ended" at={mesh.endedAt} />],
    [
      'Last attempt',
      <AppLink key="attempt" href={links.attempt(mesh.attempt.id)}>
        <StateMark mark={attemptMarks[mesh.attempt.state]} />
      </AppLink>,
    ],
    ['Id', <Id key="id" text={mesh.id} />],
    ['Ref', <Mono key="ref" text={mesh.ref} noun="ref" />],
  ];
}

function MeshHosts({ meshId, hosts }: { meshId: string; hosts: readonly MeshHost[] }) {
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
