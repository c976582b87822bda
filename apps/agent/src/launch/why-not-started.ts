import { HOST_LIMIT, type Fault, type Result } from '@hostmesh/core';
import { errnoOf, whyNoProcess } from '@hostmesh/part';
import type { ProcExit } from '@hostmesh/protocol';
import type { FailedStart } from '../proc/agent-proc.ts';
import type { ProcEvent } from '../proc/proc-event.ts';

/** What Node and the kernel say by a code, in words that hold nothing of what the process was to be started with. */
const texts: Readonly<Record<string, string>> = {
  ERR_INVALID_ARG_VALUE: 'what it is started with holds a NUL byte',
  E2BIG: 'its arguments or environment are larger than this host allows',
};

/**
 * Why a process could not be started: for people, and whether a limit of this host is the cause. Node's own text may have the
 * value of a variable in it.
 */
export function whyNotStarted(error: unknown): Fault<'not_started' | typeof HOST_LIMIT> {
  const code = errnoOf(error);
  const limit = whyNoProcess(code);
  if (limit !== null) return { code: HOST_LIMIT, message: limit, cause: error };
  const text = error instanceof Error ? error.message : String(error);
  return { code: 'not_started', message: texts[code] ?? text, cause: error };
}

/** No process can be given a NUL byte. Says where there is one, without what is around it; null when there is none. */
export function nulFault(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Fault<'nul_byte'> | null {
  const [name] = Object.entries(env).find(([, value]) => value.includes('\0')) ?? [];
  if (name !== undefined) return { code: 'nul_byte', message: `the value of ${name} holds a NUL byte` };
  if (args.some((arg) => arg.includes('\0')))
    return { code: 'nul_byte', message: 'an argument holds a NUL byte' };
  return null;
}

/** What the system had against a start may be gone at the next try; all else would be the same again. */
const startFaultOf = (code: string, reason: string): FailedStart => ({
  code,
  reason,
  isFinal: code !== 'not_started' && code !== HOST_LIMIT,
});

/** A start that came to nothing, as what happens to a proc. */
export const startFailed = (code: string, reason: string): ProcEvent => ({
  kind: 'start_failed',
  fault: startFaultOf(code, reason),
});

/**
 * What a helper said that could not execute the program, such as `setpriv: failed to execute …`; null when the program has
 * run. Helpers exit like shells, and say one line.
 */
function saidByHelper(
  helpers: readonly string[],
  file: string,
  { code }: ProcExit,
  stderrTail: readonly string[],
): string | null {
  const [line = '', ...more] = stderrTail;
  const isFailure = code === 126 || code === 127 || (code === 1 && helpers.includes('numactl'));
  const isSaid = helpers.some((name) => line.startsWith(`${name}: `)) || line.startsWith('execution of `');
  return helpers.length > 0 && isFailure && more.length === 0 && isSaid && line.includes(file) ? line : null;
}

/**
 * Why the program never ran, when only what was to execute it has ended: its file has changed since it was looked at, which
 * `look` does again; if it can be executed by now, another try may do.
 */
export function failedByHelper(
  launched: { readonly file: string; readonly helpers: readonly string[] } | null,
  exit: ProcExit,
  stderrTail: readonly string[],
  look: () => Result<unknown>,
): FailedStart | null {
  const said = launched && saidByHelper(launched.helpers, launched.file, exit, stderrTail);
  if (said === null) return null;
  const found = look();
  return found.ok ? startFaultOf('not_started', said) : startFaultOf(found.fault.code, found.fault.message);
}
