import { readFileSync } from 'node:fs';

/** Shorter ones could be found by trying. */
const MIN_SECRET_BYTES = 16;

/** A secret that lets somebody in, or why what should be one is not. */
export type FoundSecret =
  | { readonly kind: 'secret'; readonly text: string }
  | { readonly kind: 'unusable'; readonly why: string };

/** Reads the secret in a file, without the white space around it. `what` begins the sentence that says what is wrong with it. */
export function secretIn(file: string, what: string): FoundSecret {
  try {
    const text = readFileSync(file, 'utf8').trim();
    const why = whyWeak(what, text);
    return why === null ? { kind: 'secret', text } : { kind: 'unusable', why };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unusable', why: `${what} cannot be read: ${why}` };
  }
}

/** Why a text is no good as a secret that lets somebody in, in words that do not quote it; null when it is. */
export function whyWeak(what: string, text: string): string | null {
  const bytes = Buffer.byteLength(text);
  const isTooShort = bytes < MIN_SECRET_BYTES;
  if (!isTooShort && !/\s/.test(text)) return null;
  const flaw = isTooShort ? `has ${bytes} bytes` : 'has white space in it';
  const need = `${MIN_SECRET_BYTES} bytes or more without white space are needed`;
  return `${what} ${flaw}; ${need}: make one with \`openssl rand -hex 32\``;
}
