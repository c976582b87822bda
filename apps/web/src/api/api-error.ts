import type { ApiFault } from '@hostmesh/client';

/** Codes of faults that pass by themselves: no answer at all, or a server that is starting, stopping or busy. */
const transientCodes = new Set([
  'network',
  'bad_reply',
  'database_unavailable',
  'shutting_down',
  'rate_limited',
]);

/** A fault in the form that TanStack Query wants: thrown. The fault itself is what to branch on. */
export class ApiError extends Error {
  readonly fault: ApiFault;

  constructor(fault: ApiFault) {
    super(isProxyFault(fault) ? 'The dashboard cannot reach the API. Is it running?' : fault.message);
    this.name = 'ApiError';
    this.fault = fault;
  }

  get isTransient(): boolean {
    return transientCodes.has(this.fault.code);
  }
}

/** The API says why with every fault; an answer without a reason is of the server in front of it. */
const isProxyFault = (fault: ApiFault): boolean => fault.code === 'bad_reply' && (fault.status ?? 0) >= 500;
