/** Text as a shell reads it back whole. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A call of the API for a terminal. The origin is the reader's own: what works in the browser works there. */
export function curl(path: string, options = ''): string {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  return `curl -sS ${shellQuote(origin + path)} -H "Authorization: Bearer $TOKEN"${options === '' ? '' : ` ${options}`}`;
}

/** A call with a JSON body. */
export const curlWithBody = (path: string, body: unknown): string =>
  curl(path, `-H 'Content-Type: application/json' -d ${shellQuote(JSON.stringify(body))}`);
