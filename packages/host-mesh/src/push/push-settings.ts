import { MESH_ATTACH_CONFIG_TIMEOUT, valueIn } from '@hostmesh/core';
import { systemClock } from '../clock/clock.ts';
import type { PushOptions } from './push-options.ts';

/** Push options with their defaults filled in. */
export type PushSettings = PushOptions &
  Required<Pick<PushOptions, 'timeoutMs' | 'waitForHostsMs' | 'concurrency' | 'clock' | 'random'>>;

/** Measured as good as none at all (design section 7.1). */
export const DEFAULT_CONCURRENCY = 1024;

export const pushSettings = (options: PushOptions): PushSettings => ({
  ...options,
  timeoutMs: options.timeoutMs ?? valueIn(options.snapshot.attrs, MESH_ATTACH_CONFIG_TIMEOUT),
  waitForHostsMs: options.waitForHostsMs ?? 0,
  concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  clock: options.clock ?? systemClock,
  random: options.random ?? Math.random,
});
