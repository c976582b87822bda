import type { Metadata } from 'next';
import { ProcMeshes } from '../../../proc-mesh/proc-meshes.tsx';

export const metadata: Metadata = { title: 'Procs' };

export default function ProcMeshesPage() {
  return <ProcMeshes />;
}
