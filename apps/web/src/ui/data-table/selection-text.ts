/** Selected row ids for the URL: whole numbers as ranges (`0-3,7`), others as they are. */
export function printSelection(ids: readonly string[]): string {
  const numbers = ids
    .filter(isRank)
    .map(Number)
    .sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < numbers.length;) {
    let end = at;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1;
    parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`);
    at = end + 1;
  }
  return [...parts, ...ids.filter((id) => !isRank(id)).map(encode)].join(',');
}

/** A number as it is printed: `07` is another id than `7`. */
const isRank = (id: string) => /^(0|[1-9]\d{0,8})$/.test(id);

/** An id of another kind; one that reads like a range has its `-` encoded too. */
const encode = (id: string) => (rangeForm.test(id) ? id.replace('-', '%2D') : encodeURIComponent(id));

const rangeForm = /^(\d{1,9})-(\d{1,9})$/;
const MAX_RANGE = 100_000;

/** The ids of such a text. Hand-written URLs that make no sense select nothing. */
export function parseSelection(text: string): readonly string[] {
  return text.split(',').flatMap((part) => {
    if (part === '') return [];
    const range = rangeForm.exec(part);
    if (range === null) return [decode(part)];
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (last < first || last - first > MAX_RANGE) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
