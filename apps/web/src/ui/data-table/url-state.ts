'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { urlWrites } from '../navigation/url-writes.ts';

/** A longer value makes a URL that nobody can share; it then lives in this tab alone. */
const MAX_LENGTH = 1500;

/**
 * State that lives in one parameter of the URL: shared by link, kept on reload, followed on back and forward.
 * An empty value takes the parameter out.
 */
export function useUrlState(name: string): readonly [value: string, set: (value: string) => void] {
  const inUrl = useSearchParams().get(name) ?? '';
  const [value, setValue] = useState(inUrl);
  const [seen, setSeen] = useState(inUrl);
  const [written, setWritten] = useState(inUrl);
  // The URL changed, and not by us: a link or the back button.
  if (inUrl !== seen) {
    setSeen(inUrl);
    if (inUrl !== written) setValue(inUrl);
  }
  const toWrite = value.length > MAX_LENGTH ? '' : value;
  useEffect(() => {
    if (toWrite === inUrl) return;
    return urlWrites.put(name, toWrite, () => setWritten(toWrite));
  }, [name, toWrite, inUrl]);
  return [value, setValue];
}
