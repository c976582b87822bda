import type { Metadata } from 'next';
import { AttachPage } from '../../../attach/attach-page.tsx';

export const metadata: Metadata = { title: 'Attach' };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { from } = await searchParams;
  return <AttachPage from={typeof from === 'string' ? from : undefined} />;
}
