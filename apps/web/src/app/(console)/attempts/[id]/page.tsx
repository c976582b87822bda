import type { Metadata } from 'next';
import { AttemptPage } from '../../../../attempt/attempt-page.tsx';

export const metadata: Metadata = { title: 'Attempt' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <AttemptPage id={id} />;
}
