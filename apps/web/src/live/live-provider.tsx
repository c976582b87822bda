'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createLiveConnection, type LiveConnection } from './live-connection.ts';
import type { LiveState } from './live-state.ts';

const LiveContext = createContext<LiveConnection | null>(null);

/** Owns the tab's live connection for as long as the pages below are shown. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [connection] = useState(() => createLiveConnection(queries));
  useEffect(() => connection.start(), [connection]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

/** The live connection, to pause and resume it. */
export function useLiveConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (connection === null) throw new Error('useLiveConnection outside of LiveProvider');
  return connection;
}

/** How fresh the screen is. */
export function useLiveState(): LiveState {
  const connection = useLiveConnection();
  return useSyncExternalStore(connection.subscribe, connection.state, connection.state);
}
