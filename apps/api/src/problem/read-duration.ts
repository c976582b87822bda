import { MAX_WAIT_MS, parseDuration, printDuration } from '@hostmesh/core';
import type { FieldError } from './route-fault.ts';

/** Where a duration stands in a request, and what it may be. */
export interface DurationField {
  readonly field: string;
  readonly minMs: number;
  /** A day when absent. */
  readonly maxMs?: number;
}

/** A duration of a request in milliseconds; undefined when it is absent or wrong, which is added to `errors`. */
export function readDuration(
  text: string | undefined,
  { field, minMs, maxMs = MAX_WAIT_MS }: DurationField,
  errors: FieldError[],
): number | undefined {
  if (text === undefined) return undefined;
  const read = parseDuration(text);
  if (read.ok && read.value >= minMs && read.value <= maxMs) return read.value;
  const range = `must be from ${printDuration(minMs)} to ${printDuration(maxMs)}`;
  errors.push({ field, message: read.ok ? range : read.fault.message });
  return undefined;
}
