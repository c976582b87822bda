import type { ApiFault } from '@hostmesh/client';
import { isLate } from './read-deadline.ts';

/** Codes of faults that pass by themselves: no answer at all, or a server that is starting, stopping or busy. */
const transientCodes = new Set([
  'network',
  'bad_reply',
  'database_unavailable',
  'schema_behind',
  'shutting_down',
  'rate_limited',
]);

/** A fault as an exception, which is what TanStack Query expects. Branch on the fault in it. */
export class ApiError extends Error {
  readonly fault: ApiFault;

  constructor(fault: ApiFault) {
    super(messageOf(fault));
    this.name = 'ApiError';
    this.fault = fault;
  }

  get isTransient(): boolean {
    return transientCodes.has(this.fault.code);
  }

  /** The read reached its deadline: it is tried again when the API answers again, not before. */
  get isLate(): boolean {
    return isLate(this.fault.cause);
  }
}

function messageOf(fault: ApiFault): string {
  if (isProxyFault(fault)) return 'The dashboard cannot reach the API. Is it running?';
  return isLate(fault.cause) ? fault.cause.message : fault.message;
}

/** The API gives a reason with every fault; an answer without one comes from the server in front of it. */
const isProxyFault = (fault: ApiFault): boolean => fault.code === 'bad_reply' && (fault.status ?? 0) >= 500;
