import type { Metadata } from 'next';
import { ProcMeshesPage } from '../../../proc-mesh/proc-meshes.tsx';

export const metadata: Metadata = { title: 'Procs' };

export default function Page() {
  return <ProcMeshesPage />;
}
