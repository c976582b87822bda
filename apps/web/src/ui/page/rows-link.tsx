'use client';

import type { ComponentProps } from 'react';
import { AppLink } from '../app-link.tsx';
import { useNavigate } from '../navigation/use-navigate.ts';

/** A link that filters the table of its own page, and goes there: the table may be far below what is in view. */
export function RowsLink(props: Omit<ComponentProps<typeof AppLink>, 'onFollow' | 'scroll'>) {
  const navigate = useNavigate();
  function show(href: string) {
    navigate.replace(href, { scroll: false });
    const table = document.querySelector<HTMLElement>('[data-rows]');
    table?.scrollIntoView({ block: 'start' });
    table?.focus({ preventScroll: true });
  }
  return <AppLink {...props} onFollow={show} />;
}
