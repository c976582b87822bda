import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBind, printBind } from './bind-text.ts';

test('what is printed is read as the same binding', () => {
  const list = fc.stringMatching(/^[0-9!+,-]{1,10}$/);
  const bind = fc
    .record({ cpunodebind: list, membind: list, physcpubind: list, cpus: list }, { requiredKeys: [] })
    .filter((each) => Object.keys(each).length > 0);
  fc.assert(
    fc.property(bind, (each) => {
      expect(parseBind(`  ${printBind(each)} `)).toEqual({ ok: true, value: { ...each } });
    }),
  );
});

test.each(['', 'cpus', 'cpus=', '0-3', 'cores=1', 'cpus=1 cpus=2', 'cpus=1,membind=0 2'])(
  '%j is no binding, and the message says how one is written',
  (text) => {
    expect(parseBind(text)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_bind', message: expect.stringContaining('cpus=0-3') },
    });
  },
);
