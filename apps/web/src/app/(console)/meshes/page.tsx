import type { Metadata } from 'next';
import { MeshesPage } from '../../../mesh/meshes.tsx';

export const metadata: Metadata = { title: 'Meshes' };

export default function Page() {
  return <MeshesPage />;
}
