import { parseDuration, type DurationRange } from '@hostmesh/core';
import type { FieldError } from './route-fault.ts';

/** Where a duration stands in a request, and what it may be. */
export interface DurationField extends DurationRange {
  readonly field: string;
}

/** A duration of a request in milliseconds; undefined when it is absent or wrong, which is added to `errors`. */
export function readDuration(
  text: string | undefined,
  { field, ...range }: DurationField,
  errors: FieldError[],
): number | undefined {
  if (text === undefined) return undefined;
  const read = parseDuration(text, range);
  if (read.ok) return read.value;
  errors.push({ field, message: read.fault.message });
  return undefined;
}
