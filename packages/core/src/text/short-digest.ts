/** A digest as sentences name it: `sha256:` and its first twelve digits, which no two configs of one console share. */
export const shortDigest = (digest: string): string =>
  digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…');
