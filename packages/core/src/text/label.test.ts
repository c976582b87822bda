import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLabel, stripLabel } from './label.ts';

describe('parseLabel', () => {
  test.each([
    ['', 'empty', 'label must not be empty'],
    ['a'.repeat(64), 'too_long', 'label exceeds 63 characters'],
    ['ü'.repeat(32), 'too_long', 'label exceeds 63 characters'],
    ['1abc', 'invalid_start', 'label must start with a lowercase letter'],
    ['-abc', 'invalid_start', 'label must start with a lowercase letter'],
    ['Abc', 'invalid_start', 'label must start with a lowercase letter'],
    ['abc-', 'invalid_end', 'label must end with a lowercase letter or digit'],
    ['abc!', 'invalid_end', 'label must end with a lowercase letter or digit'],
    ['ab.c', 'invalid_char', "label contains invalid character '.'"],
    ['aBc', 'invalid_char', "label contains invalid character 'B'"],
    ['a😀c', 'invalid_char', "label contains invalid character '😀'"],
  ])('refuses %j', (text, code, message) => {
    expect(parseLabel(text)).toEqual({ ok: false, fault: { code, message } });
  });

  test.each(['a', 'a'.repeat(63), 'my_service-2'])('accepts %j', (text) => {
    expect(parseLabel(text)).toEqual({ ok: true, value: text });
  });
});

describe('stripLabel', () => {
  test.each([
    ['Hello-World', 'hello-world'],
    ['123abc', 'abc'],
    ['---abc---', 'abc'],
    ['My_Service!', 'my_service'],
    ['', 'nil'],
    ['123', 'nil'],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
  ])('of %j is %s', (text, label) => {
    expect(stripLabel(text)).toBe(label);
  });

  test('always gives a label, and keeps one that is already', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 60, maxLength: 70 })),
        (text) => {
          const label = stripLabel(text);
          expect(parseLabel(label)).toEqual({ ok: true, value: label });
          expect(stripLabel(label)).toBe(label);
        },
      ),
    );
  });
});
