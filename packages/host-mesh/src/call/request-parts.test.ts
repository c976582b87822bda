import { MAX_FRAME_BYTES, type ProcSpec } from '@hostmesh/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCommand, noRestart } from '../testing/proc-world.ts';
import { splitSpecs } from './request-parts.ts';

const specOf = (sizeBytes: number, rank: number): ProcSpec => ({
  procId: `workers-${rank}`,
  rank,
  command: { ...aCommand, args: ['x'.repeat(sizeBytes)] },
  bind: null,
  readiness: { kind: 'descriptor' },
  readyTimeoutMs: 0,
  restart: noRestart,
});

test('the usual slots of a host go in one request', () => {
  expect(splitSpecs(Array.from({ length: 64 }, (_, rank) => specOf(100, rank)))).toHaveLength(1);
});

test('no request comes near the size of a frame, none has too many procs, and none is left out or moved', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 99_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, (each) => {
      const specs = each.map(specOf);
      const parts = splitSpecs(specs);
      expect(parts.flat()).toEqual(specs);
      for (const part of parts) {
        expect(part.length).toBeGreaterThan(0);
        expect(JSON.stringify(part).length).toBeLessThan(MAX_FRAME_BYTES * 0.6);
      }
    }),
    { numRuns: 30 },
  );
  const many = Array.from({ length: 2_500 }, (_, rank) => specOf(1, rank));
  expect(splitSpecs(many).map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
});
