'use client';

import { useQuery } from '@tanstack/react-query';
import { AttachLocal } from '../../../attach/attach-local.tsx';
import { links } from '../../../links.ts';
import { meshColumns } from '../../../mesh/mesh-columns.tsx';
import { meshesQuery } from '../../../queries/mesh-queries.ts';
import { ButtonLink } from '../../../ui/button/button.tsx';
import { DataTable } from '../../../ui/data-table/data-table.tsx';
import { EmptyState, Loaded } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** Every mesh that is or was attached. */
export default function MeshesPage() {
  const meshes = useQuery(meshesQuery());
  const attached = meshes.data?.filter((mesh) => mesh.state === 'attached').length;
  return (
    <>
      <PageTitle>Meshes</PageTitle>
      <PageHeader
        noun="Meshes"
        sentence={
          meshes.data && meshes.data.length > 0 && `${attached} of ${meshes.data.length} attached now.`
        }
        actions={
          <ButtonLink look="primary" href={links.attach()}>
            Attach hosts
          </ButtonLink>
        }
      />
      <Loaded query={meshes} what="The meshes could not be read">
        {(rows) => (
          <DataTable
            name="meshes"
            noun={['mesh', 'meshes']}
            rows={rows}
            rowId={(mesh) => mesh.id}
            rowLabel={(mesh) => `mesh ${mesh.name}`}
            columns={meshColumns}
            rowHref={(mesh) => links.mesh(mesh.id)}
            empty={
              <EmptyState
                title="No mesh yet"
                action={
                  <>
                    <AttachLocal />
                    <ButtonLink href={links.attach()}>Attach hosts</ButtonLink>
                  </>
                }
              >
                A mesh appears here when an attach succeeds: when every one of its hosts has installed the
                config.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </>
  );
}
