import type { HostFailure, Problem, ProblemCode, ProcFailure } from '@hostmesh/contract';
import { problemTable } from '@hostmesh/contract';
import { fail, type Fault, type Result } from '@hostmesh/core';

/** Where the input is wrong: `field` is a path as in `hosts[3]`; `line` a line of a pasted host list. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly line?: number;
}

/** An expected failure of a request; `problemTable` gives its status. `message` becomes the problem's detail. */
export interface ApiFault extends Fault<ProblemCode> {
  readonly errors?: readonly FieldError[];
  readonly attemptId?: string;
  readonly failures?: readonly HostFailure[];
  readonly failuresTruncated?: boolean;
  readonly procMeshId?: string;
  readonly procFailures?: readonly ProcFailure[];
  /** Extra response headers, as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type ApiResult<T> = Result<T, ApiFault>;

/** A failed result in one call. */
export const refuse = (
  code: ProblemCode,
  message: string,
  extra: Omit<ApiFault, 'code' | 'message'> = {},
): { readonly ok: false; readonly fault: ApiFault } => fail({ code, message, ...extra });

/** `400 invalid_request` that names every wrong field. */
export const invalidRequest = (errors: readonly FieldError[]): ApiFault => ({
  code: 'invalid_request',
  message: errors.map((error) => `${error.field}: ${error.message}`).join('; '),
  errors,
});

export const notFound = (what: string) => refuse('not_found', `There is no ${what}.`);

/** The RFC 9457 document of a fault. The cause stays out of it: it is for the log. */
export function problemOf(fault: ApiFault, requestId: string): Problem {
  const { status, title } = problemTable[fault.code];
  return {
    type: `urn:hostmesh:problem:${fault.code}`,
    title,
    status,
    code: fault.code,
    detail: fault.message,
    requestId,
    ...(fault.errors && { errors: [...fault.errors] }),
    ...(fault.attemptId !== undefined && { attemptId: fault.attemptId }),
    ...(fault.failures && { failures: [...fault.failures] }),
    ...(fault.failuresTruncated && { failuresTruncated: true }),
    ...(fault.procMeshId !== undefined && { procMeshId: fault.procMeshId }),
    ...(fault.procFailures && { procFailures: [...fault.procFailures] }),
  };
}
