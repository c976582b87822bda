const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A number of bytes for people: `512 GiB`, `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const size = bytes / 1024 ** power;
  return `${size < 10 ? Math.round(size * 10) / 10 : Math.round(size)} ${UNITS[power]}`;
}

/** The rank that a URL names; null when it names none. */
export const parseRank = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

/** `text` without `lead` at its beginning and the `:` or space after it: for messages shown beside what they name. */
export function withoutLead(text: string, lead: string): string {
  if (!text.toLowerCase().startsWith(lead.toLowerCase())) return text;
  const rest = text.slice(lead.length);
  // Only a whole word or address is taken away: `stopped` is not the lead of `stoppedness`.
  return /^[\s:,;]/.test(rest) ? rest.replace(/^[\s:,;]+/, '') : rest === '' ? '' : text;
}
