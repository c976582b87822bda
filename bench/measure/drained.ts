import { setTimeout as delay } from 'node:timers/promises';

const POLL_EVERY_MS = 10;

/** Waits until the other side has no connection any more: what it does about their end is not for the next to pay. */
export async function drained(connections: () => Promise<number>): Promise<void> {
  while ((await connections()) > 0) await delay(POLL_EVERY_MS);
}
