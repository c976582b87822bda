/** Shorter ones could be found by trying. */
const MIN_SECRET_BYTES = 16;

/** Why a text is no good as a secret that lets somebody in, in words that do not quote it; null when it is. */
export function whyWeak(what: string, text: string): string | null {
  const bytes = Buffer.byteLength(text);
  const isTooShort = bytes < MIN_SECRET_BYTES;
  if (!isTooShort && !/\s/.test(text)) return null;
  const flaw = isTooShort ? `has ${bytes} bytes` : 'has white space in it';
  const need = `${MIN_SECRET_BYTES} bytes or more without white space are needed`;
  return `${what} ${flaw}; ${need}: make one with \`openssl rand -hex 32\``;
}
