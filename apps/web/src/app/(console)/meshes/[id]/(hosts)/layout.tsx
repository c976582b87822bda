import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { MeshPage } from '../../../../../mesh/mesh-page.tsx';

export const metadata: Metadata = { title: 'Mesh' };

/** The list stays while panels of its hosts come and go: they are pages below this layout. */
export default async function MeshLayout(props: { params: Promise<{ id: string }>; children: ReactNode }) {
  const { id } = await props.params;
  return <MeshPage id={decodeURIComponent(id)}>{props.children}</MeshPage>;
}
