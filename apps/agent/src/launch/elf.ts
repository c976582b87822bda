import { arch, endianness } from 'node:os';

/** What of an ELF file decides whether the kernel runs it. */
export interface ElfHead {
  readonly bits: 32 | 64;
  readonly isLittleEndian: boolean;
  readonly machine: number;
  readonly kind: 'program' | 'shared' | 'other';
  readonly entry: bigint;
  readonly table: { readonly offset: number; readonly entryBytes: number; readonly count: number };
}

/** One part of an ELF file that is loaded, or the name of its dynamic loader. */
export interface ElfPart {
  readonly kind: 'load' | 'interpreter' | 'other';
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The head of an ELF file takes so much at most. */
export const ELF_HEAD_BYTES = 64;

const kinds: Readonly<Record<number, ElfHead['kind']>> = { 2: 'program', 3: 'shared' };
const partKinds: Readonly<Record<number, ElfPart['kind']>> = { 1: 'load', 3: 'interpreter' };

/** Whether a file says that it is ELF, whatever follows. */
export const isElf = (head: Buffer): boolean => head.subarray(0, 4).equals(Buffer.from('\x7fELF'));

/** Reads the head of an ELF file; null when it is cut short or says what no ELF says. */
export function parseElfHead(head: Buffer): ElfHead | null {
  const bits = head[4] === 2 ? 64 : head[4] === 1 ? 32 : null;
  if (bits === null || ![1, 2].includes(head[5] ?? 0) || head.length < (bits === 64 ? 64 : 52)) return null;
  const read = reader(head, head[5] === 1, bits);
  const at = bits === 64 ? { entry: 24, table: 32, sizes: 54 } : { entry: 24, table: 28, sizes: 42 };
  return {
    bits,
    isLittleEndian: head[5] === 1,
    machine: read.half(18),
    kind: kinds[read.half(16)] ?? 'other',
    entry: read.word(at.entry),
    table: {
      offset: Number(read.word(at.table)),
      entryBytes: read.half(at.sizes),
      count: read.half(at.sizes + 2),
    },
  };
}

/** Reads the table of parts, which `head.table` says where to find; null when it is cut short. */
export function parseElfParts({ bits, isLittleEndian, table }: ElfHead, bytes: Buffer): ElfPart[] | null {
  const expected = bits === 64 ? 56 : 32;
  if (table.entryBytes !== expected || table.count === 0 || bytes.length < expected * table.count)
    return null;
  return Array.from({ length: table.count }, (_, index) => {
    const read = reader(bytes.subarray(index * expected), isLittleEndian, bits);
    return {
      kind: partKinds[read.int(0)] ?? 'other',
      offset: Number(read.word(bits === 64 ? 8 : 4)),
      sizeBytes: Number(read.word(bits === 64 ? 32 : 16)),
    };
  });
}

function reader(bytes: Buffer, isLittle: boolean, bits: 32 | 64) {
  const int = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const long = (at: number) => (isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return {
    half: (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    int,
    word: (at: number) => (bits === 64 ? long(at) : BigInt(int(at))),
  };
}

/** Machines by their numbers in ELF. */
const machines: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: '32-bit x86 (i386)',
  8: 'MIPS',
  20: '32-bit PowerPC',
  21: '64-bit PowerPC',
  22: 's390x',
  40: '32-bit ARM',
  43: '64-bit SPARC',
  50: 'Itanium',
  62: 'x86-64',
  183: '64-bit ARM (aarch64)',
  243: 'RISC-V',
  247: 'BPF',
  258: 'LoongArch',
};

const numbers: Readonly<Record<string, number>> = {
  x64: 62,
  ia32: 3,
  arm64: 183,
  arm: 40,
  ppc64: 21,
  s390x: 22,
  riscv64: 243,
  loong64: 258,
  mips: 8,
  mipsel: 8,
};

const order = (isLittle: boolean) => (isLittle ? 'little-endian' : 'big-endian');

/** The machine that a file was made for, for people. */
export function machineOf({ machine, bits, isLittleEndian }: ElfHead): string {
  const name = machines[machine] ?? `a machine with the number ${machine}`;
  if (machine === 62 && bits === 32) return 'x86-64 with 32-bit pointers (x32)';
  return [8, 21].includes(machine) ? `${order(isLittleEndian)} ${name}` : name;
}

/** This host's machine, as the heads of its programs say it; `runs32`: it also runs those of its 32-bit forerunner. */
export interface HostMachine {
  readonly machine: number;
  readonly isLittleEndian: boolean;
  readonly bits: 32 | 64;
  readonly runs32: boolean;
}

/** The machine of this host. `hasFile` tells of what the kernel shows in `/proc/sys/abi`. */
export function hostMachine(hasFile: (path: string) => boolean): HostMachine | null {
  const machine = numbers[arch()];
  if (machine === undefined) return null;
  // These switches are there only where the kernel was built to run 32-bit programs.
  const runs32 = ['vsyscall32', 'cp15_barrier', 'setend'].some((name) => hasFile(`/proc/sys/abi/${name}`));
  const bits = ['ia32', 'arm', 'mips', 'mipsel'].includes(arch()) ? 32 : 64;
  return { machine, isLittleEndian: endianness() === 'LE', bits, runs32 };
}

const forerunners: Readonly<Record<number, number>> = { 62: 3, 183: 40 };

/** Whether a host runs programs of this kind by itself. */
export function runsOn({ machine, bits, isLittleEndian }: ElfHead, host: HostMachine): boolean {
  if (isLittleEndian !== host.isLittleEndian) return false;
  if (machine === host.machine) return bits === host.bits;
  return host.runs32 && bits === 32 && forerunners[host.machine] === machine;
}

/** The machine of a host, for people. */
export const nameOfHost = ({ machine }: HostMachine): string => machines[machine] ?? arch();
