import type { Metadata } from 'next';
import { Meshes } from '../../../mesh/meshes.tsx';

export const metadata: Metadata = { title: 'Meshes' };

export default function MeshesPage() {
  return <Meshes />;
}
