/** Control characters but for tabs and line ends: terminals obey them, and some readers end the file there. */
// eslint-disable-next-line no-control-regex -- they are what it is about
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** What a cell of a CSV file may be made of. */
export type CsvValue = string | number | null | undefined;

/**
 * One line of a CSV file (RFC 4180), its end included. Text of hosts is hostile: what a spreadsheet would take for a
 * formula is prefixed with an apostrophe, and control characters are replaced.
 */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(',')}\r\n`;

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = value.replaceAll(CONTROL, '\uFFFD');
  const text = /^[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
