import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meshStanding } from './mesh-standing.ts';

test('an attached mesh is shown as well only when every host is', () => {
  const counts = fc.record({
    connecting: fc.nat(3),
    healthy: fc.nat(3),
    configLost: fc.nat(3),
    unreachable: fc.nat(3),
    replaced: fc.nat(3),
    released: fc.constant(0),
    withoutEffect: fc.nat(1),
    keysWithoutEffect: fc.constant(2),
  });
  fc.assert(
    fc.property(counts, (counts) => {
      const total =
        counts.connecting + counts.healthy + counts.configLost + counts.unreachable + counts.replaced;
      const { tone, word } = meshStanding({ state: 'attached', hosts: { ...counts, total } });
      expect(tone === 'good').toBe(counts.healthy === total);
      if (tone === 'good') expect(word.includes('without effect')).toBe(counts.withoutEffect > 0);
    }),
  );
});
