/**
 * A reply with each of its texts as `shown` makes it: whatever is read of the API may have come from a host. Only what procs wrote
 * (`text` of a `stream`, and the last lines of stderr) stays as it is: whoever shows output reads its colours, and shows the rest alike.
 */
export function shownIn<T>(reply: T, shown: (text: string) => string): T {
  // Every text becomes a text, and all else stays what it was.
  return shownValue(reply, shown) as T;
}

function shownValue(value: unknown, shown: (text: string) => string): unknown {
  if (typeof value === 'string') return shown(value);
  if (Array.isArray(value)) return value.map((item) => shownValue(item, shown));
  if (typeof value !== 'object' || value === null) return value;
  const isOutput = (name: string) => name === 'stderrTail' || (name === 'text' && 'stream' in value);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      shown(name),
      isOutput(name) ? field : shownValue(field, shown),
    ]),
  );
}
