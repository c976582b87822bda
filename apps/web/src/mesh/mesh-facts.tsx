import { withoutEffectText, type Mesh } from '@hostmesh/contract';
import { links } from '../links.ts';
import { WITHOUT_EFFECT } from '../standing/mesh-standing.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Facts } from '../ui/page/page-header.tsx';
import { RowsLink } from '../ui/page/rows-link.tsx';
import { attemptMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { DigestText, Id, Mono } from '../ui/text/mono.tsx';
import { Time } from '../ui/time/time.tsx';

/** What a mesh is made of, since when, and the attempt that last concerned it. */
export function MeshFacts({ mesh }: { mesh: Mesh }) {
  const extent = Object.entries(mesh.extent).map(([label, size]) => `${label}=${size}`);
  return (
    <Facts
      facts={[
        ['Extent', <code key="extent">{extent.join(', ')}</code>],
        ['Config', <DigestText key="digest" digest={mesh.configDigest} />],
        [
          'Without effect',
          mesh.hosts.withoutEffect === 0 ? null : (
            <RowsLink key="effect" href={links.mesh(mesh.id, { filter: WITHOUT_EFFECT })}>
              {withoutEffectText(mesh.hosts)}
            </RowsLink>
          ),
        ],
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
      ]}
    />
  );
}
