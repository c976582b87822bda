import { z } from 'zod';

/**
 * Values that a schema takes, in which together every field of it is filled and every alternative taken; texts are `text` where it may
 * be, so that a test meets each field that can hold one, those also that are added after it.
 */
export function samplesOf(schema: z.core.$ZodType, text: string): unknown[] {
  // The definitions of zod's own kinds; one that is not told here is refused, so that nothing is passed over.
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  const first = (...candidates: unknown[]) => {
    const found = candidates.filter((value) => z.safeParse(schema, value).success).slice(0, 1);
    if (found.length === 0) throw new Error(`no sample of a ${def.type} is known here`);
    return found;
  };
  switch (def.type) {
    case 'string':
      return first(text, '2026-01-01T00:00:00Z', 'x', '/x', '1');
    case 'object':
      return zipped(Object.entries(def.shape).map(([name, field]) => [name, samplesOf(field, text)]));
    case 'record': {
      const [key] = samplesOf(def.keyType, text);
      return samplesOf(def.valueType, text).map((value) => ({ [String(key)]: value }));
    }
    case 'array':
      return [samplesOf(def.element, text)];
    case 'union':
      return def.options.flatMap((option) => samplesOf(option, text));
    case 'optional':
    case 'nullable':
    case 'default':
      return samplesOf(def.innerType, text);
    case 'pipe':
      return samplesOf(def.in._zod.def.type === 'transform' ? def.out : def.in, text);
    case 'number':
      return first(1, 1000, 0);
    case 'boolean':
      return [true];
    case 'enum':
      return Object.values(def.entries).slice(0, 1);
    case 'literal':
      return def.values.slice(0, 1);
    default:
      throw new Error(`${def.type} is not known here`);
  }
}

/** Objects that have each value of each field at least once. */
function zipped(fields: readonly (readonly [string, unknown[]])[]): object[] {
  const count = Math.max(1, ...fields.map(([, values]) => values.length));
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(fields.map(([name, values]) => [name, values[at % values.length]])),
  );
}

/** The texts in a value, each with its path; names of fields are texts, too. */
export function textsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [
    ...(Array.isArray(value) ? [] : [[`${path} names`, name] satisfies [string, string]]),
    ...textsIn(field, Array.isArray(value) ? `${path}[]` : `${path}.${name}`),
  ]);
}

/** The value once for each text or number in it, with `bad` in its place, and where that is. */
export function spoiltBy(value: unknown, bad: string | number, path = ''): [path: string, spoilt: unknown][] {
  if (typeof value === typeof bad) return [[path.slice(1), bad]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    spoiltBy(field, bad, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`).map(
      ([where, spoilt]) =>
        [
          where,
          Array.isArray(value) ? value.with(Number(name), spoilt) : { ...value, [name]: spoilt },
        ] satisfies [string, unknown],
    ),
  );
}
