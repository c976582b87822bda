import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printCommand, splitCommandLine } from './command-line.ts';

test.each([
  ['sleep 60', ['sleep', '60']],
  ['  python3   -m http.server ', ['python3', '-m', 'http.server']],
  [`sh -c 'echo "a b" && exit 3'`, ['sh', '-c', 'echo "a b" && exit 3']],
  [`say "it's \\"so\\" \\n"`, ['say', `it's "so" \\n`]],
  [`a\\ b '' "c"d`, ['a b', '', 'cd']],
  ['echo $HOME *.txt | wc', ['echo', '$HOME', '*.txt', '|', 'wc']],
  ['run \\\n  --fast', ['run', '--fast']],
  ['', []],
])('%j is %j', (line, words) => {
  expect(splitCommandLine(line)).toEqual({ ok: true, value: words });
});

test('a quote that stays open is refused', () => {
  expect(splitCommandLine(`sh -c 'exit`)).toMatchObject({ ok: false, fault: { code: 'open_quote' } });
});

test('a printed command reads back to the same arguments', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, args) => {
      expect(splitCommandLine(printCommand(program, args))).toEqual({ ok: true, value: [program, ...args] });
    }),
  );
});
