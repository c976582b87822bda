/** An expected failure: a stable `code` to branch on, a sentence for people, the cause for the log only. */
export interface Fault<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly cause?: unknown;
}

/** What a function returns when it can fail in an expected way. Bugs are thrown instead. */
export type Result<T, F extends Fault = Fault> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F };

/** A result that succeeded. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** A result that failed. */
export const fail = <F extends Fault>(fault: F): { readonly ok: false; readonly fault: F } => ({
  ok: false,
  fault,
});

/** Ends a `switch` over a union: a new member does not compile until every switch has a case for it. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
