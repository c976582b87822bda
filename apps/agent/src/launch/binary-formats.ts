import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Formats that the operator of a host has taught its kernel, such as programs of other machines by an emulator. */
const REGISTERED = '/proc/sys/fs/binfmt_misc';

/** One such format. */
interface BinaryFormat {
  readonly interpreter: string;
  /** The kernel holds the interpreter open, so that its file is not looked for. */
  readonly isHeld: boolean;
  matches(file: string, head: Buffer): boolean;
}

/** What the kernel says of a format; null for one that is switched off. */
function parseBinaryFormat(text: string): BinaryFormat | null {
  const [state, ...lines] = text.split('\n');
  const field = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const interpreter = field('interpreter');
  if (state !== 'enabled' || interpreter === undefined) return null;
  const extension = field('extension');
  const magic = Buffer.from(field('magic') ?? '', 'hex');
  const mask = Buffer.from(field('mask') ?? '', 'hex');
  const offset = Number(field('offset') ?? 0);
  return {
    interpreter,
    isHeld: field('flags')?.includes('F') ?? false,
    matches(file, head) {
      if (extension !== undefined) return extname(file) === extension;
      return (
        magic.length > 0 &&
        head.length >= offset + magic.length &&
        magic.every((byte, at) => (((head[offset + at] ?? 0) ^ byte) & (mask[at] ?? 0xff)) === 0)
      );
    },
  };
}

/** The interpreter that the kernel would run a file with because somebody has registered its format; null for none. */
export function registeredInterpreter(
  file: string,
  head: Buffer,
): { readonly interpreter: string; readonly isThere: boolean } | null {
  for (const name of namesIn(REGISTERED)) {
    if (['register', 'status'].includes(name)) continue;
    const format = readFormat(join(REGISTERED, name));
    if (format === null || !format.matches(file, head)) continue;
    return { interpreter: format.interpreter, isThere: format.isHeld || existsSync(format.interpreter) };
  }
  return null;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Not every kernel has it.
    return [];
  }
}

function readFormat(file: string): BinaryFormat | null {
  try {
    return parseBinaryFormat(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
