import { shownJson } from '@hostmesh/core';
import type { ApiFault, Client } from '@hostmesh/client';
import type { Result } from '@hostmesh/core';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** What a command works with; tests give their own. */
export interface Context {
  readonly client: Client;
  /** Results: tables for people, or JSON with `--json`; ended by a newline unless `end` says otherwise. */
  readonly out: (text: string, end?: '' | '\n') => void;
  /** Everything else: progress and faults. */
  readonly err: (text: string) => void;
  /** Draws over the line before on a terminal, and does nothing elsewhere; `null` clears it. */
  readonly progress: (line: string | null) => void;
  /** Whether results go to a terminal: what hosts wrote is then shown, never obeyed. */
  readonly isTerminal: boolean;
  readonly json: boolean;
  /** What the token was taken from, for people; null when there is none. */
  readonly tokenFrom: string | null;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The pause between two looks at what is waited for; ends early, and never rejects, when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Runs a command's body with the context that its options call for, and keeps its exit code. */
export type RunCommand = (body: (context: Context) => Promise<ExitCode>) => Promise<void>;

/** Prints a reply as JSON or as `text` makes it, or a fault with its fields; returns the exit code of either. */
export function show<T>(context: Context, result: Result<T, ApiFault>, text: (value: T) => string): ExitCode {
  if (!result.ok) return showFault(context, result.fault);
  context.out(context.json ? shownJson(result.value) : text(result.value));
  return exitCodes.ok;
}

/** Says what is wrong, field by field, and returns the exit code; with `--json` as JSON too. */
export function showFault(context: Context, fault: ApiFault): ExitCode {
  const errors = fault.problem?.errors ?? [];
  // The detail of a problem with errors is those errors in one line.
  context.err(`hostmesh: ${errors.length > 0 ? fault.problem?.title : whyOf(context, fault)}`);
  for (const { field, line, message } of errors) {
    context.err(`  ${field}${line === undefined ? '' : ` line ${line}`}: ${message}`);
  }
  if (fault.problem?.moreErrors !== undefined) context.err(`  and ${fault.problem.moreErrors} more`);
  for (const { rank, hostAddress, statusText } of fault.problem?.procFailures ?? []) {
    context.err(`  - rank ${rank} on ${hostAddress}: ${statusText}`);
  }
  if (fault.code === 'mesh_exists') context.err('  To end them: --replace');
  if (fault.code === 'hosts_in_use')
    context.err('  To do it all the same: --take-over, or --end-others of a shutdown');
  if (context.json) outFault(context, fault.problem ?? { code: fault.code, detail: fault.message });
  if (fault.status === null || hasNoAccess(fault) || fault.status >= 500) return exitCodes.unavailable;
  return fault.status === 424 ? exitCodes.failed : exitCodes.refused;
}

/** Where a token that is wrong came from is what has to be known to put it right. */
function whyOf({ tokenFrom }: Context, { message, status }: ApiFault): string {
  if (status !== 401) return message;
  if (tokenFrom === null)
    return `${message} There is no token: give --token-file, or set HOSTMESH_TOKEN_FILE.`;
  return `${message} It came from ${tokenFrom}.`;
}

/** A fault as JSON: a problem document, or what we have of one. */
const outFault = ({ out }: Pick<Context, 'out'>, fault: object): void => out(shownJson(fault));

/** Whether the API does not know the token, or does not let it do this. */
export const hasNoAccess = ({ status }: ApiFault): boolean => status === 401 || status === 403;

/** Says that the arguments are not right; nothing was done. */
export function refuseInput(context: Pick<Context, 'err' | 'out' | 'json'>, message: string): ExitCode {
  context.err(`hostmesh: ${message}`);
  if (context.json) outFault(context, { code: 'invalid_arguments', detail: message });
  return exitCodes.refused;
}
