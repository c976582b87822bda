'use client';

import { useCallback, useEffect, useRef } from 'react';

/** Whether the component is still there: what it started may end after it was closed, and is then told elsewhere. */
export function useIsShown(): () => boolean {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return useCallback(() => shown.current, []);
}
