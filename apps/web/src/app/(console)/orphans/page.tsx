import type { Metadata } from 'next';
import { Orphans } from '../../../orphan/orphans.tsx';

export const metadata: Metadata = { title: 'Orphans' };

export default function OrphansPage() {
  return <Orphans />;
}
