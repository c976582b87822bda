import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ProcMeshPage } from '../../../../proc-mesh/proc-mesh-page.tsx';

export const metadata: Metadata = { title: 'Procs' };

/** The list stays while panels of its ranks come and go: they are pages below this layout. */
export default async function ProcMeshLayout(props: {
  params: Promise<{ id: string }>;
  children: ReactNode;
}) {
  const { id } = await props.params;
  return <ProcMeshPage id={decodeURIComponent(id)}>{props.children}</ProcMeshPage>;
}
