import type { ApiFault } from './api-fault.ts';

/** Carries a fault out of a place where the framework wants an error thrown. */
export class RequestError extends Error {
  readonly fault: ApiFault;

  constructor(fault: ApiFault) {
    super(fault.message);
    this.fault = fault;
  }
}
