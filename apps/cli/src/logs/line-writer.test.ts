import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineWriter } from './line-writer.ts';

type Step = readonly ['open' | 'line', string, string];

const written = (...steps: readonly Step[]): string => {
  const writer = new LineWriter();
  return steps.map(([what, key, text]) => writer[what](key, `[${key}] `, text)).join('') + writer.end();
};

test.each<[string, readonly Step[], string]>([
  [
    'goes on in place',
    [
      ['open', '0', 'load'],
      ['open', '0', 'loading'],
      ['line', '0', 'loading done'],
    ],
    '[0] loading done\n',
  ],
  [
    'ends without more',
    [
      ['open', '0', 'ready?'],
      ['line', '0', 'ready?'],
    ],
    '[0] ready?\n',
  ],
  ['never ends', [['open', '0', 'ready?']], '[0] ready?\n'],
  [
    'is written anew in place',
    [
      ['open', '0', '10%'],
      ['open', '0', '20%'],
      ['line', '0', 'done'],
    ],
    '[0] 10%\r[0] 20%\r[0] done\n',
  ],
  [
    'makes way for lines of others, and goes on without what was told',
    [
      ['open', '0', 'load'],
      ['line', '1', 'x'],
      ['line', '1', 'y'],
      ['line', '0', 'loading'],
    ],
    '[0] load\n[1] x\n[1] y\n[0] ing\n',
  ],
  [
    'makes way and ends as it was',
    [
      ['open', '0', 'load'],
      ['line', '1', 'x'],
      ['line', '0', 'load'],
    ],
    '[0] load\n[1] x\n',
  ],
  [
    'is written anew after it made way: whole once it has ended',
    [
      ['open', '0', '10%'],
      ['line', '1', 'x'],
      ['open', '0', '20%'],
      ['line', '0', 'done'],
    ],
    '[0] 10%\n[1] x\n[0] done\n',
  ],
  [
    'is told once more where the place is free',
    [
      ['open', '0', 'a'],
      ['line', '1', 'x'],
      ['open', '0', 'ab'],
      ['line', '0', 'abc'],
    ],
    '[0] a\n[1] x\n[0] bc\n',
  ],
  [
    'does not take turns with another one',
    [
      ['open', '0', 'a'],
      ['open', '1', 'b'],
      ['open', '0', 'aa'],
      ['open', '1', 'bb'],
      ['line', '0', 'aaa'],
    ],
    '[0] a\n[1] bb\n[0] aa\n',
  ],
])('a line that has not ended %s', (_, steps, text) => {
  expect(written(...steps)).toBe(text);
});

test('whatever lines come how, each writer’s text is whole, once, and in order', () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom('0', '1', '2'), fc.constantFrom('a', 'b', '|')), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(pieces, (all) => {
      const lines = new Map<string, string>();
      const wrote = new Map<string, string>();
      const steps = all.map(([key, piece], index): Step => {
        // No piece is like another, so that none is missed.
        const line = (lines.get(key) ?? '') + (piece === '|' ? '' : `${piece}${index};`);
        if (piece !== '|') wrote.set(key, `${wrote.get(key) ?? ''}${piece}${index};`);
        lines.set(key, piece === '|' ? '' : line);
        return [piece === '|' ? 'line' : 'open', key, line];
      });
      for (const [key, line] of lines) steps.push(['line', key, line]);
      const told = new Map<string, string>();
      for (const line of written(...steps).split('\n')) {
        const [, key = '', text = ''] = /^\[(\d)\] (.*)$/.exec(line) ?? [];
        told.set(key, (told.get(key) ?? '') + text);
      }
      for (const [key, text] of wrote) expect(told.get(key)).toBe(text);
    }),
  );
});
