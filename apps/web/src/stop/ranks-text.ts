/** The API takes a selector of at most so many characters. */
const MAX_LENGTH = 1000;

/**
 * Ranks as the API's selector, `0..4,7`: ranges end before their last number, as everywhere (reference 3.4). Scattered
 * ranks make a text that is too long for one request, and then several.
 */
export function printRanks(ranks: readonly number[], maxLength = MAX_LENGTH): readonly string[] {
  const sorted = [...new Set(ranks)].sort((a, b) => a - b);
  const texts: string[] = [];
  let text = '';
  for (let at = 0; at < sorted.length;) {
    const first = sorted[at] ?? 0;
    let end = at + 1;
    while (sorted[end] === first + (end - at)) end += 1;
    const part = end === at + 1 ? `${first}` : `${first}..${first + (end - at)}`;
    if (text !== '' && text.length + 1 + part.length > maxLength) {
      texts.push(text);
      text = '';
    }
    text = text === '' ? part : `${text},${part}`;
    at = end;
  }
  return text === '' ? texts : [...texts, text];
}
