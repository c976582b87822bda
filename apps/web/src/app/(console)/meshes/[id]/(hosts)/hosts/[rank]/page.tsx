import type { Metadata } from 'next';
import { HostPanel } from '../../../../../../../host/host-panel.tsx';

export const metadata: Metadata = { title: 'Host' };

export default async function HostPage(props: { params: Promise<{ id: string; rank: string }> }) {
  const { id, rank } = await props.params;
  return <HostPanel meshId={decodeURIComponent(id)} rank={decodeURIComponent(rank)} />;
}
