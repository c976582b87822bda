import type { Metadata } from 'next';
import { ProcPage } from '../../../../proc/proc-page.tsx';

export const metadata: Metadata = { title: 'Proc' };

export default async function Page(props: { params: Promise<{ id: string }> }) {
  const { id } = await props.params;
  return <ProcPage id={decodeURIComponent(id)} />;
}
