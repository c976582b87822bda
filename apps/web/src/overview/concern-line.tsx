'use client';

import { procMeshStanding, routes, type HostHealth, type Mesh, type ProcMeshView } from '@hostmesh/contract';
import { formatCount } from '@hostmesh/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { meshStanding } from '../standing/mesh-standing.ts';
import { SeenButton } from '../proc-mesh/seen-button.tsx';
import { ButtonLink } from '../ui/button/button.tsx';
import { LineItem } from '../ui/page/lines.tsx';
import { attemptMarks } from '../ui/state/mark.ts';
import { Time } from '../ui/time/time.tsx';
import type { Concern } from './concerns.ts';

const NAMED = 3;

/** One concern in words: what, since when, which hosts first, and where to go. */
export function ConcernLine({ concern }: { concern: Concern }) {
  if (concern.kind === 'mesh') return <MeshLine mesh={concern.mesh} />;
  if (concern.kind === 'procs') return <ProcsLine procMesh={concern.procMesh} />;
  const { attempt } = concern;
  return (
    <LineItem
      mark={attemptMarks[attempt.state]}
      href={links.attempt(attempt.id)}
      name={attempt.mesh}
      aside={
        <>
          <Time at={attempt.startedAt} />
          <ButtonLink href={links.attempt(attempt.id)}>See why</ButtonLink>
        </>
      }
    >
      {attempt.summary}
    </LineItem>
  );
}

/** The biggest group of failures says why. */
function ProcsLine({ procMesh }: { procMesh: ProcMeshView }) {
  const [worst] = procMesh.failureGroups;
  return (
    <LineItem
      mark={procMeshStanding(procMesh)}
      href={links.procMesh(procMesh.id)}
      name={procMesh.name}
      aside={
        <>
          <span>
            spawned <Time at={procMesh.createdAt} />
          </span>
          <ButtonLink href={links.procMesh(procMesh.id, { filter: 'status:failed,timeout,unknown' })}>
            See procs
          </ButtonLink>
          <SeenButton procMesh={procMesh} />
        </>
      }
    >
      {procMesh.summary}
      {worst !== undefined &&
        !procMesh.summary.includes(worst.statusText) &&
        ` Most often: ${worst.statusText}.`}
    </LineItem>
  );
}

function MeshLine({ mesh }: { mesh: Mesh }) {
  const replaced = useQuery(unwellQuery(mesh, 'replaced', mesh.hosts.replaced));
  const unreachable = useQuery(unwellQuery(mesh, 'unreachable', mesh.hosts.unreachable));
  const configLost = useQuery(unwellQuery(mesh, 'config_lost', mesh.hosts.configLost));
  const known = [...(replaced.data ?? []), ...(unreachable.data ?? []), ...(configLost.data ?? [])];
  const since = known.map((host) => host.since).sort()[0];
  const unwell = mesh.hosts.replaced + mesh.hosts.unreachable + mesh.hosts.configLost;
  const rest = unwell - Math.min(NAMED, known.length);
  return (
    <LineItem
      mark={meshStanding(mesh)}
      href={links.mesh(mesh.id)}
      name={mesh.name}
      aside={
        <>
          {since !== undefined && (
            <span>
              since <Time at={since} />
            </span>
          )}
          <ButtonLink href={links.mesh(mesh.id, { filter: 'health:replaced,unreachable,config_lost' })}>
            See hosts
          </ButtonLink>
        </>
      }
    >
      {[
        mesh.hosts.replaced > 0 &&
          `${formatCount(mesh.hosts.replaced)} of ${formatCount(mesh.hosts.total)} replaced by another agent`,
        mesh.hosts.unreachable > 0 &&
          `${formatCount(mesh.hosts.unreachable)} of ${formatCount(mesh.hosts.total)} unreachable`,
        mesh.hosts.configLost > 0 &&
          `${formatCount(mesh.hosts.configLost)} of ${formatCount(mesh.hosts.total)} lost the config`,
      ]
        .filter((part) => part !== false)
        .join(', ')}
      {known.length > 0 && ': '}
      {known.slice(0, NAMED).map((host, index) => (
        <span key={host.rank}>
          {index > 0 && ', '}
          <code>{host.address}</code>
        </span>
      ))}
      {known.length > 0 && rest > 0 && ` and ${formatCount(rest)} more`}.
    </LineItem>
  );
}

/** The first hosts in a bad state; read again when their number changes. */
const unwellQuery = (mesh: Mesh, health: HostHealth, count: number) =>
  queryOptions({
    queryKey: ['unwell', mesh.id, health, count],
    queryFn: async ({ signal }) => {
      const query = { health, limit: 100 };
      return (await valueOf(client.call(routes.listMeshHosts, { params: { id: mesh.id }, query, signal })))
        .items;
    },
    enabled: count > 0,
    placeholderData: keepPreviousData,
  });
