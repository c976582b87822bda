import fc from 'fast-check';
import { simFault, simFaultKinds, type SimFault } from './sim-fault.ts';

/**
 * Any fault, for property tests under a total deadline of `timeoutMs`. Delays are well on one side of the
 * deadline or the other, so that `expectedOutcome` does not depend on the speed of the machine.
 */
export function arbitraryFault(timeoutMs: number): fc.Arbitrary<SimFault> {
  const delayMs = fc.oneof(
    fc.integer({ min: 0, max: Math.floor(timeoutMs / 5) }),
    fc.integer({ min: timeoutMs * 3, max: timeoutMs * 5 }),
  );
  return fc
    .record({
      kind: fc.constantFrom(...simFaultKinds),
      afterMs: delayMs,
      overMs: delayMs,
      code: fc.constantFrom('invalid_config', 'wrong_lifecycle', 'a_code_of_tomorrow'),
    })
    .map(({ kind, ...details }) => simFault(kind, details));
}
