import type { Metadata } from 'next';
import { AttemptsPage } from '../../../attempt/attempts-page.tsx';

export const metadata: Metadata = { title: 'Attempts' };

export default function Page() {
  return <AttemptsPage />;
}
