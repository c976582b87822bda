import type { Metadata } from 'next';
import { AllProcs } from '../../../../proc/all-procs.tsx';

export const metadata: Metadata = { title: 'All procs' };

export default function AllProcsPage() {
  return <AllProcs />;
}
