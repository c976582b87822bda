'use client';

import { useSyncExternalStore } from 'react';
import { z } from 'zod';

/** What a reader chose for a table, remembered by this browser. */
const Preferences = z.object({
  density: z.enum(['dense', 'comfortable']).catch('dense'),
  /** By table, then by column: shown or not. Columns that are missing are as the table has them. */
  columns: z.record(z.string(), z.record(z.string(), z.boolean())).catch({}),
});
export type Preferences = z.infer<typeof Preferences>;
export type Density = Preferences['density'];

const STORAGE_KEY = 'hostmesh-tables';
const defaults: Preferences = { density: 'dense', columns: {} };
const listeners = new Set<() => void>();
let current: Preferences | undefined;

function load(): Preferences {
  if (current === undefined) {
    try {
      const parsed = Preferences.safeParse(JSON.parse(window.localStorage.getItem(STORAGE_KEY) ?? '{}'));
      current = parsed.success ? parsed.data : defaults;
    } catch {
      // Storage may be forbidden or hold something else; the choice is then made anew.
      current = defaults;
    }
  }
  return current;
}

/** Changes and remembers preferences. */
export function savePreferences(change: (preferences: Preferences) => Preferences): void {
  current = change(load());
  try {
    window.localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  } catch {
    // Full or forbidden storage: the choice holds for this page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, load, () => defaults);
