'use client';

import { useSyncExternalStore } from 'react';

/** How often things may be asked for again, in milliseconds. */
export const pollIntervals = [1000, 3000, 10_000, 30_000] as const;
const DEFAULT_MS = 3000;
const STORAGE_KEY = 'hostmesh-poll-ms';
const listeners = new Set<() => void>();
let current: number | undefined;

/** The reader's choice, remembered by this browser, in milliseconds. */
export function pollIntervalMs(): number {
  if (current === undefined) {
    try {
      const stored = Number(window.localStorage.getItem(STORAGE_KEY));
      current = pollIntervals.find((ms) => ms === stored) ?? DEFAULT_MS;
    } catch {
      // Storage may be forbidden; the choice then holds for this page.
      current = DEFAULT_MS;
    }
  }
  return current;
}

/** Changes and remembers it. */
export function setPollInterval(ms: number): void {
  current = ms;
  try {
    window.localStorage.setItem(STORAGE_KEY, String(ms));
  } catch {
    // Full or forbidden storage: the choice holds for this page.
  }
  for (const listener of listeners) listener();
}

/** Tells of every change; the returned function ends that. */
export function onPollInterval(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The reader's choice, in milliseconds; the component follows its changes. */
export const usePollInterval = (): number =>
  useSyncExternalStore(onPollInterval, pollIntervalMs, () => DEFAULT_MS);
