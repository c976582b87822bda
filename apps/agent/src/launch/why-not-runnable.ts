import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Result } from '@hostmesh/core';
import { registeredInterpreter } from './binary-formats.ts';
import {
  ELF_HEAD_BYTES,
  hostMachine,
  isElf,
  machineOf,
  nameOfHost,
  parseElfHead,
  parseElfParts,
  runsOn,
} from './elf.ts';
import { whyNotExecutable, type ProgramFault } from './why-not-executable.ts';
import { parseScriptLine, programOfEnv, SCRIPT_HEAD_BYTES } from './script-line.ts';

/** An interpreter may be a script itself; the kernel follows so many. */
const MAX_NESTED = 5;

type Code = ProgramFault['code'];
const refuse = (code: Code, message: string): ProgramFault => ({ code, message: message.slice(0, 2000) });

/**
 * Why the kernel would not run a file that may be executed; null when it would. Where the kernel refuses, helpers of the C
 * library hand the file to a shell: so nothing is started that has not been looked at here. `locate` finds what a script
 * has `env` look for.
 */
export function whyNotRunnable(
  file: string,
  cwd: string | null,
  locate: (program: string) => Result<string, ProgramFault>,
  nested = 0,
): ProgramFault | null {
  const opened = open(file);
  // Who may execute it and not read it leaves the judgement to the kernel.
  if (opened === null) return null;
  try {
    const { read, sizeBytes } = opened;
    const head = read(0, SCRIPT_HEAD_BYTES);
    const registered = registeredInterpreter(file, head);
    if (registered !== null) {
      return registered.isThere
        ? null
        : refuse(
            'interpreter_missing',
            `this host runs '${file}' by '${registered.interpreter}', which is not there`,
          );
    }
    if (isElf(head)) return whyNotElf(file, opened);
    const line = parseScriptLine(head);
    if (line === null) return refuse('exec_format', `'${file}' ${whatIs(head, sizeBytes)}`);
    if (line.kind === 'empty') return refuse('exec_format', `'${file}' names no interpreter after '#!'`);
    if (line.kind === 'too_long') {
      return refuse('exec_format', `the first line of '${file}' is longer than ${SCRIPT_HEAD_BYTES} bytes`);
    }
    if (nested >= MAX_NESTED)
      return refuse('exec_format', `'${file}' is a script of a script, too deep for the kernel`);
    const interpreter = isAbsolute(line.file) ? line.file : cwd === null ? null : join(cwd, line.file);
    const missing = whyNoInterpreter(file, line.file, interpreter, line.argument, locate);
    if (missing !== null || interpreter === null) return missing;
    const fault = whyNotRunnable(interpreter, cwd, locate, nested + 1);
    return fault === null
      ? null
      : { ...fault, message: `the interpreter of '${file}': ${fault.message}`.slice(0, 2000) };
  } finally {
    opened.close();
  }
}

/** What stands in the way of a script's interpreter, or of the program that it has `env` look for. */
function whyNoInterpreter(
  script: string,
  name: string,
  interpreter: string | null,
  argument: string,
  locate: (program: string) => Result<string, ProgramFault>,
): ProgramFault | null {
  const because = (named: string, why: string) => {
    const hint = named.endsWith('\r')
      ? '; its first line ends as in Windows (CRLF): convert it, as by dos2unix'
      : '';
    const shown = named.replaceAll('\r', '\\r');
    return refuse('interpreter_missing', `'${script}' is a script of '${shown}', which ${why}${hint}`);
  };
  const fault = interpreter === null ? undefined : whyNotExecutable(interpreter);
  if (fault === undefined || fault?.code === 'not_found') return because(name, 'this host does not have');
  if (fault !== null) return because(name, `cannot be executed: ${fault.message}`);
  const wanted = basename(name) === 'env' ? programOfEnv(argument) : null;
  if (wanted === null) return null;
  const found = locate(wanted);
  return found.ok
    ? null
    : because(wanted, `cannot be found by ${name}: ${found.fault.message.replaceAll('\r', '\\r')}`);
}

interface Opened {
  readonly sizeBytes: number;
  /** As many bytes as the file has there. */
  read(at: number, bytes: number): Buffer;
  close(): void;
}

function open(file: string): Opened | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  return {
    sizeBytes: fstatSync(fd).size,
    read(at, bytes) {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(fd, buffer, 0, bytes, at));
    },
    close: () => closeSync(fd),
  };
}

/** A loader's name, or a table of parts, is never longer; what says so is damaged. */
const MAX_READ = 64 * 1024;

function whyNotElf(file: string, { read, sizeBytes }: Opened): ProgramFault | null {
  const damaged = refuse('exec_format', `'${file}' is damaged: cut short, or no whole ELF file`);
  const head = parseElfHead(read(0, ELF_HEAD_BYTES));
  if (head === null) return damaged;
  const host = hostMachine(existsSync);
  if (host !== null && !runsOn(head, host)) {
    const message = `'${file}' was made for ${machineOf(head)}, and this host is ${nameOfHost(host)}`;
    return refuse('exec_format', message);
  }
  if (head.kind === 'other')
    return refuse('exec_format', `'${file}' is an ELF file and no program: link it first`);
  const { offset, entryBytes, count } = head.table;
  const parts = parseElfParts(head, read(offset, Math.min(entryBytes * count, MAX_READ)));
  if (parts === null) return damaged;
  const end = Math.max(0, ...parts.map((part) => (part.kind === 'other' ? 0 : part.offset + part.sizeBytes)));
  if (end > sizeBytes) {
    return refuse('exec_format', `'${file}' is cut short: it has ${sizeBytes} bytes of at least ${end}`);
  }
  const loader = parts.find(({ kind }) => kind === 'interpreter');
  if (loader === undefined) {
    return head.kind === 'shared' && head.entry === 0n
      ? refuse('exec_format', `'${file}' is a shared library, which has no start`)
      : null;
  }
  const name = read(loader.offset, Math.min(loader.sizeBytes, 4096)).toString('utf8').replace(/\0.*$/s, '');
  const fault = whyNotExecutable(name);
  if (fault === null) return null;
  const why = fault.code === 'not_found' ? 'this host does not have' : `cannot be executed: ${fault.message}`;
  return refuse('interpreter_missing', `'${file}' needs the dynamic loader '${name}', which ${why}`);
}

/** How files begin that other systems run, or that are no programs at all. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^MZ/, 'is a program for Windows'],
  [/^(\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/, 'is a program for macOS or for Java'],
  [/^\0asm/, 'is WebAssembly, which needs a runtime'],
  [
    /^\xef\xbb\xbf#!/,
    "has a byte order mark before '#!', so that the kernel does not see the interpreter: remove it",
  ],
  [/^\xff\xfe|^\xfe\xff/, 'is text in UTF-16, which no kernel reads: store it as UTF-8'],
  [/^\s+#!/, "has something before '#!', which must be the very first"],
];

function whatIs(head: Buffer, sizeBytes: number): string {
  if (sizeBytes === 0) return 'is empty';
  const text = head.toString('latin1');
  const known = others.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  return text.includes('\0')
    ? 'has a format that this host does not run'
    : "has no interpreter line and is no program: begin it with one, such as '#!/bin/sh'";
}
