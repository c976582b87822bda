import type { ConfigKey } from './key.ts';
import { configKeys, findConfigKey } from './keys.ts';
import type { ConfigAttrs } from './layers.ts';

/** Something in a source of values that was not taken over; `key` is as it was written there. */
export interface ConfigProblem {
  readonly key: string;
  readonly code: 'unknown_key' | 'invalid_value' | 'duplicate_key';
  readonly message: string;
}

/** The values that could be read, in printed form, and everything that could not. */
export interface ConfigReading {
  readonly values: ConfigAttrs;
  readonly problems: readonly ConfigProblem[];
}

type Entry = {
  readonly given: string;
  readonly key: ConfigKey | undefined;
  readonly text: string | undefined;
};

/** Reads entries in order. Messages never repeat a value: it might be a secret, or of a key that will be one. */
function readEntries(entries: Iterable<Entry>): ConfigReading {
  const values = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { given, key, text } of entries) {
    const parsed = text === undefined ? undefined : key?.codec.parse(text);
    if (key === undefined) {
      problems.push({ key: given, code: 'unknown_key', message: 'no such key' });
    } else if (values.has(key.key)) {
      problems.push({ key: given, code: 'duplicate_key', message: `${key.key} is given twice` });
    } else if (parsed?.ok) {
      values.set(key.key, key.codec.print(parsed.value));
    } else {
      const message = parsed?.fault.message ?? `expected a single value (${key.type})`;
      problems.push({ key: given, code: 'invalid_value', message });
    }
  }
  return { values: Object.fromEntries(values), problems };
}

/** A document may write numbers and booleans as such, lists as lists, and nothing as the empty value. */
function textOf(value: unknown): string | undefined {
  if (value === null) return '';
  if (Array.isArray(value)) return JSON.stringify(value);
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** Reads values by key constant or dump name. Unknown keys are problems, and harmless. */
export const readValues = (record: Readonly<Record<string, unknown>>): ConfigReading =>
  readEntries(
    Object.entries(record).map(([given, value]) => ({
      given,
      key: findConfigKey(given),
      text: textOf(value),
    })),
  );

/** Reads a parsed YAML document: one mapping from key constant or dump name to value (Reference 7.1, File). */
export function readFileLayer(document: unknown): ConfigReading {
  // An empty document parses to null.
  if (document === null || document === undefined) return { values: {}, problems: [] };
  if (typeof document !== 'object' || Array.isArray(document)) {
    const message = 'the document must map keys to values';
    return { values: {}, problems: [{ key: '', code: 'invalid_value', message }] };
  }
  return readValues(Object.fromEntries(Object.entries(document)));
}

const byEnvVar = new Map(configKeys.map((key) => [key.envVar, key]));

/**
 * Reads the environment (Reference 7.1, Env). A value that does not parse falls through and is reported, and so is a
 * `HYPERACTOR_` variable that no key has; problems name the variable.
 */
export const readEnvLayer = (env: Readonly<Record<string, string | undefined>>): ConfigReading =>
  readEntries(
    Object.entries(env)
      .filter(([name]) => byEnvVar.has(name) || name.startsWith('HYPERACTOR_'))
      .map(([given, text]) => ({ given, key: byEnvVar.get(given), text }))
      .filter(({ text }) => text !== undefined),
  );
