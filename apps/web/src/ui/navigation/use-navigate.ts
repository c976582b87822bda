'use client';

import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { urlWrites } from './url-writes.ts';

/** Goes to pages of the dashboard. */
export interface Navigate {
  readonly push: (href: string, options?: { scroll?: boolean }) => void;
  /** Takes the present page's place in the history. */
  readonly replace: (href: string, options?: { scroll?: boolean }) => void;
  /** To a panel of this page: filter and sorting stay in the URL. */
  readonly pushBeside: (href: string) => void;
}

/** The one way to another page; what a list still has to write into its URL is written first. */
export function useNavigate(): Navigate {
  const router = useRouter();
  return useMemo(
    () => ({
      push(href, options) {
        urlWrites.leave();
        router.push(href, options);
      },
      replace(href, options) {
        urlWrites.leave();
        router.replace(href, options);
      },
      pushBeside(href) {
        urlWrites.leave();
        router.push(href + window.location.search, { scroll: false });
      },
    }),
    [router],
  );
}
