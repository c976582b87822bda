'use client';

import { useEffect } from 'react';

/**
 * Names the tab after what the page shows, once that is known; undefined leaves the page's own title. The name goes
 * with the page: the next one begins with its own.
 */
export function usePageTitle(name: string | undefined): void {
  useEffect(() => {
    if (name === undefined) return;
    const before = document.title;
    const ours = `${name} · Hostmesh`;
    document.title = ours;
    return () => {
      // The next page may have set its own already.
      if (document.title === ours) document.title = before;
    };
  }, [name]);
}
