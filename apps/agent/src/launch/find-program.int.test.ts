import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram } from './find-program.ts';

let dir = '';
const at = (name: string) => resolve(dir, name);
const put = (name: string, content: string | Buffer, mode = 0o755) => {
  writeFileSync(at(name), content);
  chmodSync(at(name), mode);
};
/** A real program of this host with some bytes of its own. */
const elf = (change: (bytes: Buffer) => Buffer) => change(Buffer.from(readFileSync('/bin/true')));
const withBytes = (offset: number, ...bytes: number[]) => elf((all) => (all.set(bytes, offset), all));
const find = (program: string, path = '/usr/bin:/bin') =>
  findProgram(program, { path, pathOf: 'of this test', cwd: dir });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'program-'));
  const loader = elf((all) => all).indexOf('/ld-', 0, 'latin1');
  const [foreign, isX64] = [arch() === 's390x' ? 62 : 22, arch() === 'x64'];
  put('other-machine', withBytes(18, isX64 ? 183 : foreign, 0));
  put('number-unknown', withBytes(18, 0x39, 0x30));
  put('other-order', withBytes(5, 2));
  put('object', withBytes(16, 1, 0));
  put(
    'half',
    elf((all) => all.subarray(0, 4096)),
  );
  put(
    'head-only',
    elf((all) => all.subarray(0, 40)),
  );
  put('no-loader', withBytes(loader, ...Buffer.from('/no-')));
  put('no-line', 'echo hello\n');
  put('empty', '');
  put('binary', Buffer.from([1, 2, 0, 4]));
  put('windows', 'MZ\x90\0');
  put('bom', '\uFEFF#!/bin/sh\n');
  put('no-name', '#!\n');
  put('no-interpreter', '#!/no/such/perl -w\n');
  put('crlf', '#!/bin/sh\r\necho\r\n');
  put('env-missing', '#!/usr/bin/env no-such-python\n');
  put('env-crlf', '#!/usr/bin/env sh\r\n');
  put('env-there', '#!/usr/bin/env sh\n');
  put('closed-interpreter', `#!${at('plain')}\n`);
  put('plain', '#!/bin/sh\n', 0o644);
  put('nested', `#!${at('no-interpreter')}\n`);
  put('nested-well', `#!${at('env-there')}\n`);
  put('circle', `#!${at('circle')}\n`);
  put('my-script', '#!/bin/sh\n');
  mkdirSync(at('folder'));
  symlinkSync(at('gone'), at('dangling'));
  symlinkSync(at('loop'), at('loop'));
  copyFileSync('/bin/true', at('true'));
});
afterAll(() => rmSync(dir, { recursive: true }));

test.each([['true'], ['my-script'], ['env-there'], ['nested-well']])(
  'what the kernel runs is found: %s',
  (name) => {
    expect(find(at(name))).toEqual({ ok: true, value: at(name) });
    expect(find(`./${name}`)).toEqual({ ok: true, value: at(name) });
    expect(find(name, `${dir}:/usr/bin:/bin`)).toEqual({ ok: true, value: at(name) });
  },
);

test.each([
  ['other-machine', 'exec_format', /was made for (64-bit ARM \(aarch64\)|x86-64|s390x), and this host is/],
  ['number-unknown', 'exec_format', /a machine with the number 12345, and this host is/],
  ['other-order', 'exec_format', /was made for/],
  ['object', 'exec_format', /no program: link it first/],
  ['half', 'exec_format', /is cut short: it has 4096 bytes of at least \d+|damaged/],
  ['head-only', 'exec_format', /damaged: cut short/],
  ['no-loader', 'interpreter_missing', /needs the dynamic loader '.*\/no-.*', which this host does not have/],
  ['no-line', 'exec_format', /has no interpreter line and is no program/],
  ['empty', 'exec_format', /is empty/],
  ['binary', 'exec_format', /a format that this host does not run/],
  ['windows', 'exec_format', /a program for Windows/],
  ['bom', 'exec_format', /a byte order mark before '#!'/],
  ['no-name', 'exec_format', /names no interpreter/],
  [
    'no-interpreter',
    'interpreter_missing',
    /is a script of '\/no\/such\/perl', which this host does not have$/,
  ],
  ['crlf', 'interpreter_missing', /'\/bin\/sh\\r', which this host does not have; .*CRLF/],
  [
    'env-missing',
    'interpreter_missing',
    /'no-such-python', which cannot be found by \/usr\/bin\/env: .*PATH=\/usr\/bin/,
  ],
  ['env-crlf', 'interpreter_missing', /'sh\\r', .*CRLF/],
  ['closed-interpreter', 'interpreter_missing', /plain', which cannot be executed: .*chmod/],
  [
    'nested',
    'interpreter_missing',
    /the interpreter of '.*nested': .*no-interpreter' is a script of '\/no\/such\/perl'/,
  ],
  ['circle', 'exec_format', /too deep for the kernel/],
  ['plain', 'not_executable', /chmod \+x/],
  ['folder', 'not_executable', /is a directory/],
  ['/dev/null', 'not_executable', /is no regular file/],
  ['loop', 'not_executable', /a link that leads in a circle/],
  ['dangling', 'not_found', /it is a link to '.*gone', which is not there/],
  ['gone', 'not_found', /no program '.*gone' on this host$/],
  ['plain/below', 'not_found', /no program/],
])('nothing else is run in place of %s: %s', (name, code, message) => {
  expect(find(at(name))).toMatchObject({
    ok: false,
    fault: { code, message: expect.stringMatching(message) },
  });
});

test('a name is looked for in the PATH that counts, and a fault says which that was', () => {
  expect(find('my-script', `/nowhere:${dir}`)).toEqual({ ok: true, value: at('my-script') });
  expect(find('my-script', '.')).toEqual({ ok: true, value: at('my-script') });
  const fault = {
    code: 'not_found',
    message: "no program 'my-script' on this host in PATH=/usr/bin:/bin (of this test)",
  };
  expect(find('my-script')).toMatchObject({ ok: false, fault });
  expect(find('plain', `${dir}:/bin`)).toMatchObject({ fault: { code: 'not_executable' } });
});

test('a relative path leads nowhere unless the command says where it starts', () => {
  expect(findProgram('./script', { path: '', pathOf: '', cwd: null })).toMatchObject({
    fault: { code: 'not_found', message: expect.stringContaining('a path must be absolute') },
  });
});
