import type { Mesh } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { ChangeHistory } from '../change/change-history.tsx';
import { ChangeOfLink } from '../change/change-of.tsx';
import { links } from '../links.ts';
import { CHANGES_REFRESH_MS, lastChangesQuery } from '../queries/change-queries.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import { Section } from '../ui/page/page-header.tsx';

/** What has changed on a mesh lately: itself, its hosts, its attempts and procs. */
export function MeshHistory({ mesh }: { mesh: Mesh }) {
  const version = JSON.stringify([mesh.state, mesh.hosts, mesh.attempt]);
  const changes = useQuery({
    ...lastChangesQuery({ mesh: mesh.id }, version),
    ...(mesh.endedAt === null && { refetchInterval: CHANGES_REFRESH_MS }),
  });
  const all = (
    <ButtonLink look="quiet" href={links.changes({ mesh: mesh.id })}>
      All changes
    </ButtonLink>
  );
  return (
    <Section title="History" aside={all}>
      <ChangeHistory
        query={changes}
        empty="Nothing has been noted of it."
        of={({ of }) => <ChangeOfLink of={of} />}
      />
    </Section>
  );
}
