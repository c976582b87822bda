import type { ChannelAddress } from '../address/address.ts';
import { printAddress } from '../address/print.ts';
import { printDuration } from '../duration/duration.ts';
import { assertNever } from '../fault/fault.ts';
import type { Status } from './status.ts';

/** What a host knows of a process that it runs (reference 10.3). Times are milliseconds since 1970. */
export type ProcStatus =
  | { readonly kind: 'Starting' }
  /** The process exists but has not called back. */
  | { readonly kind: 'Running'; readonly startedAtMs: number }
  | {
      readonly kind: 'Ready';
      readonly startedAtMs: number;
      readonly address: ChannelAddress;
      /** Text form of the proc agent's id. */
      readonly agent: string;
    }
  /** Asked to end, and still there. */
  | { readonly kind: 'Stopping'; readonly startedAtMs: number }
  | { readonly kind: 'Stopped'; readonly exitCode: number; readonly stderrTail: readonly string[] }
  | { readonly kind: 'Killed'; readonly signal: number; readonly coreDumped: boolean }
  /** It could not be started or watched. */
  | { readonly kind: 'Failed'; readonly reason: string };

/** `Ready at tcp:… up 3s`, `Stopped(exit=1)`, `Killed(sig=9, core)`. Uptime is in whole seconds. */
export function printProcStatus(status: ProcStatus, nowMs: number): string {
  switch (status.kind) {
    case 'Starting':
      return 'Starting';
    case 'Running':
    case 'Stopping':
      return `${status.kind} ${printUptime(status.startedAtMs, nowMs)}`;
    case 'Ready':
      return `Ready at ${printAddress(status.address)} ${printUptime(status.startedAtMs, nowMs)}`;
    case 'Stopped':
    case 'Killed':
    case 'Failed':
      return printEnd(status);
    default:
      return assertNever(status);
  }
}

/** What a proc's status means for those who wait for it. An exit code other than 0 is a failure (design section 4). */
export function statusOfProc(status: ProcStatus): Status {
  switch (status.kind) {
    case 'Starting':
      return { kind: 'Initializing' };
    case 'Running':
    case 'Ready':
      return { kind: 'Running' };
    case 'Stopping':
      return { kind: 'Stopping' };
    case 'Stopped':
      return status.exitCode === 0 ? { kind: 'Stopped' } : { kind: 'Failed', reason: printEnd(status) };
    case 'Killed':
      return { kind: 'Failed', reason: printEnd(status) };
    case 'Failed':
      return { kind: 'Failed', reason: status.reason };
    default:
      return assertNever(status);
  }
}

function printUptime(startedAtMs: number, nowMs: number): string {
  // A clock that was set back must not print a negative time.
  return `up ${printDuration(Math.max(0, Math.floor((nowMs - startedAtMs) / 1000)) * 1000)}`;
}

function printEnd(status: Extract<ProcStatus, { kind: 'Stopped' | 'Killed' | 'Failed' }>): string {
  switch (status.kind) {
    case 'Stopped':
      return `Stopped(exit=${status.exitCode})`;
    case 'Killed':
      return `Killed(sig=${status.signal}${status.coreDumped ? ', core' : ''})`;
    case 'Failed':
      return `Failed(${status.reason})`;
    default:
      return assertNever(status);
  }
}
