import { expect, test } from 'vitest';
import { parseScriptLine, programOfEnv } from './script-line.ts';

test.each([
  ['#!/bin/sh\n', { kind: 'interpreter', file: '/bin/sh', argument: '' }],
  ['#! /usr/bin/env  python3 -u \nx', { kind: 'interpreter', file: '/usr/bin/env', argument: 'python3 -u' }],
  ['#!/bin/sh\r\n', { kind: 'interpreter', file: '/bin/sh\r', argument: '' }],
  ['#!/bin/sh', { kind: 'interpreter', file: '/bin/sh', argument: '' }],
  ['#! \t\n/bin/sh', { kind: 'empty' }],
  [`#!/${'x'.repeat(300)}\n`, { kind: 'too_long' }],
  ['echo hello\n', null],
])('%j is read as the kernel reads it', (text, line) => {
  expect(parseScriptLine(Buffer.from(text))).toEqual(line);
});

test.each([
  ['python3', 'python3'],
  ['python3 -u', 'python3 -u'],
  ['python3\r', 'python3\r'],
  ['-S python3 -u', 'python3'],
  ['-S A=1 python3', 'python3'],
  ['-vS python3', 'python3'],
  ['-i python3', null],
  ['A=1', null],
  ['-S "a b"', null],
  ['-S -i sh', null],
  ['', null],
])('env with %j looks for %j', (argument, program) => {
  expect(programOfEnv(argument)).toBe(program);
});
