import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ConfigPage } from '../../../config/config-page.tsx';

export const metadata: Metadata = { title: 'Config' };

export default function ConfigLayout({ children }: { children: ReactNode }) {
  return <ConfigPage>{children}</ConfigPage>;
}
