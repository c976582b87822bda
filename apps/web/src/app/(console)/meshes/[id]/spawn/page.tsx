import type { Metadata } from 'next';
import { SpawnPage } from '../../../../../spawn/spawn-page.tsx';

export const metadata: Metadata = { title: 'Spawn procs' };

export default async function Page(props: { params: Promise<{ id: string }> }) {
  const { id } = await props.params;
  return <SpawnPage meshId={decodeURIComponent(id)} />;
}
