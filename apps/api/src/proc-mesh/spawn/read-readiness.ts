import { spawnDefaults, type ReadinessRequest } from '@hostmesh/contract';
import { countOf, printDuration } from '@hostmesh/core';
import type { Readiness } from '@hostmesh/protocol';
import { readDuration } from '../../problem/read-duration.ts';
import type { FieldError } from '../../problem/route-fault.ts';

/** When procs count as ready, as it was asked for and checked. */
export interface PlannedReadiness {
  readonly of: (slot: number) => Readiness;
  readonly timeoutMs: number;
  /** As it is stored, defaults filled in. */
  readonly request: ReadinessRequest;
}

/** What a readiness is checked against. */
export interface ReadinessContext {
  /** Its path in the request. */
  readonly field: string;
  /** Slots of a host. */
  readonly slots: number;
  /** Where the request does not say. */
  readonly defaultTimeoutMs: number;
}

/** Reads when procs count as ready; what is wrong is added to `errors`. */
export function readReadiness(
  given: ReadinessRequest = { kind: 'alive', for: spawnDefaults.aliveFor },
  { field, slots, defaultTimeoutMs }: ReadinessContext,
  errors: FieldError[],
): PlannedReadiness {
  const timeoutMs =
    readDuration(given.timeout, { field: `${field}.timeout`, minMs: 0 }, errors) ?? defaultTimeoutMs;
  const request = { ...given, timeout: printDuration(timeoutMs) };
  switch (given.kind) {
    case 'alive': {
      const forMs =
        readDuration(given.for ?? spawnDefaults.aliveFor, { field: `${field}.for`, minMs: 0 }, errors) ?? 0;
      return {
        of: () => ({ kind: 'alive', forMs }),
        timeoutMs,
        request: { kind: 'alive', for: printDuration(forMs), timeout: request.timeout },
      };
    }
    case 'descriptor':
      return { of: () => ({ kind: 'descriptor' }), timeoutMs, request };
    case 'output':
      return { of: () => ({ kind: 'output', contains: given.contains }), timeoutMs, request };
    case 'tcp':
    case 'http': {
      const { port, perSlot = false } = given;
      if (perSlot && port + slots - 1 > 65_535) {
        const message = `with ${countOf(slots, 'slot')} ports go up to ${port + slots - 1}: above 65535`;
        errors.push({ field: `${field}.port`, message });
      }
      const path = given.kind === 'http' ? given.path : null;
      const of = (slot: number): Readiness => {
        const own = perSlot ? port + slot : port;
        return path === null ? { kind: 'tcp', port: own } : { kind: 'http', port: own, path };
      };
      return { of, timeoutMs, request };
    }
  }
}
