import type {
  AttemptCounts,
  Ends,
  HostFailure,
  HostsInUse,
  ProblemCode,
  ProcFailure,
  PartHealth,
} from '@hostmesh/contract';
import { fail, type Fault, type Result } from '@hostmesh/core';

/** Where the input is wrong: `field` is a path as in `hosts[3]`; `line` a line of a pasted host list. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly line?: number;
}

/** An expected failure of a request; `problemTable` gives its status. `message` becomes the problem's detail. */
export interface RouteFault extends Fault<ProblemCode> {
  readonly errors?: readonly FieldError[];
  readonly attemptId?: string;
  readonly counts?: AttemptCounts;
  readonly failures?: readonly HostFailure[];
  readonly failuresTruncated?: boolean;
  readonly ends?: Ends;
  readonly inUse?: HostsInUse;
  readonly procMeshId?: string;
  readonly procFailures?: readonly ProcFailure[];
  readonly parts?: readonly PartHealth[];
  /** Extra response headers, as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type RouteResult<T> = Result<T, RouteFault>;

/** A failed result in one call. */
export const refuse = (
  code: ProblemCode,
  message: string,
  extra: Omit<RouteFault, 'code' | 'message'> = {},
): { readonly ok: false; readonly fault: RouteFault } => fail({ code, message, ...extra });

/** How many errors a problem document lists; of the others it says how many there are. */
export const MAX_ERRORS = 20;

/** `400 invalid_request` that names the wrong fields. */
export function invalidRequest(errors: readonly FieldError[]): RouteFault {
  const told = errors.slice(0, MAX_ERRORS).map(({ field, message }) => `${field}: ${message}`);
  if (errors.length > MAX_ERRORS) told.push(`and ${errors.length - MAX_ERRORS} more`);
  return { code: 'invalid_request', message: told.join('; '), errors };
}

export const notFound = (what: string) => refuse('not_found', `There is no ${what}.`);
