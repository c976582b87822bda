import { shownText } from './shown-text.ts';

/** What a spreadsheet would calculate, also behind blanks and in the wide forms that some take for the same. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** What a cell of a CSV file may be made of. */
export type CsvValue = string | number | null | undefined;

/**
 * One line of a CSV file (RFC 4180), its end included. Text of hosts is hostile: what a spreadsheet would take for a
 * formula is prefixed with an apostrophe, and what nobody would see is replaced.
 */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(',')}\r\n`;

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const shown = shownText(value);
  const text = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
