const ALPHABET = '123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const BASE = BigInt(ALPHABET.length);
const MAX_U64 = 2n ** 64n - 1n;

/** An unsigned 64-bit number in base 58, most significant digit first, without padding (reference 2.3). */
export function encodeBase58(number: bigint): string {
  let rest = number;
  let text = '';
  do {
    text = ALPHABET.charAt(Number(rest % BASE)) + text;
    rest /= BASE;
  } while (rest > 0n);
  return text;
}

/** Undefined unless the text is one or more base 58 digits within 64 bits. Leading zero digits (`1`) are accepted. */
export function decodeBase58(text: string): bigint | undefined {
  let number = 0n;
  for (const char of text) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return undefined;
    number = number * BASE + BigInt(digit);
    if (number > MAX_U64) return undefined;
  }
  return text === '' ? undefined : number;
}
