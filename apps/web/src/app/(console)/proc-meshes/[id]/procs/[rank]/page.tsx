import type { Metadata } from 'next';
import { ProcPanel } from '../../../../../../proc/proc-panel.tsx';

export const metadata: Metadata = { title: 'Proc' };

export default async function Page(props: { params: Promise<{ id: string; rank: string }> }) {
  const { id, rank } = await props.params;
  return <ProcPanel procMeshId={decodeURIComponent(id)} rank={decodeURIComponent(rank)} />;
}
