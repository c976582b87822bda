'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { Button } from '../button/button.tsx';
import type { Tone } from '../state/mark.ts';
import { Shape } from '../state/state-mark.tsx';
import styles from './notices.module.css';

/** A short message about something that happened; failures stay until they are dismissed. */
export interface Notice {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
}

const NOTICE_MS = 6000;
const listeners = new Set<() => void>();
let notices: readonly Notice[] = [];
let nextId = 1;

function replace(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Says something to the reader, wherever the focus is. */
export function notify(tone: Tone, text: string): void {
  replace([...notices, { id: nextId++, tone, text }].slice(-4));
}

const dismiss = (id: number) => replace(notices.filter((notice) => notice.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where notices appear; the one live region of the page. */
export function Notices() {
  const shown = useSyncExternalStore(
    subscribe,
    () => notices,
    () => notices,
  );
  return (
    <div className={styles['region']} role="status" aria-live="polite" aria-label="Notices">
      {shown.map((notice) => (
        <NoticeRow key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const stays = notice.tone === 'failed';
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => dismiss(notice.id), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice.id, stays]);
  return (
    <div className={styles['notice']}>
      <Shape tone={notice.tone} />
      <span>{notice.text}</span>
      <Button look="quiet" onClick={() => dismiss(notice.id)}>
        Dismiss
      </Button>
    </div>
  );
}
