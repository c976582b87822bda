'use client';

import type { ComponentProps, MouseEvent } from 'react';
import { useNavigate } from './navigation/use-navigate.ts';

/** Whether a press is ours to answer: other buttons and keys make the browser open a tab or a window, or download. */
const isPlainPress = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/**
 * A link to a page of the dashboard, without loading a new document. Pages are small and their data is not part of
 * them, so nothing is fetched ahead; Next's own link would add that machinery to every page.
 */
export function AppLink({
  href,
  scroll = true,
  onFollow,
  ...rest
}: Omit<ComponentProps<'a'>, 'onClick'> & {
  href: string;
  scroll?: boolean;
  /** Goes there instead of a push. */
  onFollow?: (href: string) => void;
}) {
  const navigate = useNavigate();
  function onClick(event: MouseEvent) {
    if (!isPlainPress(event)) return;
    event.preventDefault();
    if (onFollow !== undefined) onFollow(href);
    else navigate.push(href, { scroll });
  }
  return <a {...rest} href={href} onClick={onClick} />;
}
