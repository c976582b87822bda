import type { Attempt } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { ChangeHistory } from '../change/change-history.tsx';
import { links } from '../links.ts';
import { lastChangesQuery } from '../queries/change-queries.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import { Section } from '../ui/page/page-header.tsx';

/** How an attempt began and ended, and by whom. */
export function AttemptHistory({ attempt: { id, state, meshId } }: { attempt: Attempt }) {
  const changes = useQuery(lastChangesQuery({ attempt: id }, state));
  const all = meshId !== null && (
    <ButtonLink look="quiet" href={links.changes({ mesh: meshId })}>
      All changes of its mesh
    </ButtonLink>
  );
  return (
    <Section title="History" aside={all}>
      <ChangeHistory query={changes} empty="Nothing has been noted of it." />
    </Section>
  );
}
