'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { createQueryClient } from '../api/query-client.ts';
import { links } from '../links.ts';
import { Notices } from '../ui/feedback/notices.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';

/** What every page needs around it: the query cache and the live region. */
export function Providers({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  const [queries] = useState(() =>
    createQueryClient(() => {
      const { pathname, search } = window.location;
      if (pathname !== links.signIn()) navigate.replace(links.signIn(pathname + search));
    }),
  );
  return (
    <QueryClientProvider client={queries}>
      {children}
      <Notices />
    </QueryClientProvider>
  );
}
