import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

/** Every schema of text in a schema, with where it is. */
function textsOf(schema: z.core.$ZodType, path: string): [string, z.core.$ZodType][] {
  const inner = (next: z.core.$ZodType | undefined, step = '') =>
    next === undefined ? [] : textsOf(next, path + step);
  const { def } = schema._zod;
  // The definitions of zod's own kinds; one that is not told here is refused, so that nothing is passed over.
  const known = def as z.core.$ZodTypes['_zod']['def'];
  switch (known.type) {
    case 'string':
      return [[path, schema]];
    case 'object':
      return Object.entries(known.shape).flatMap(([name, field]) => inner(field, `.${name}`));
    case 'record':
      return [...inner(known.keyType, '{key}'), ...inner(known.valueType, '{}')];
    case 'array':
      return inner(known.element, '[]');
    case 'union':
      return known.options.flatMap((option) => inner(option));
    case 'optional':
    case 'nullable':
    case 'default':
      return inner(known.innerType);
    case 'pipe':
      if (known.in._zod.def.type === 'transform') return inner(known.out);
      // Reads `true` and `false` and nothing else.
      return known.out._zod.def.type === 'boolean' ? [] : inner(known.in);
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
      return [];
    default:
      throw new Error(`${path}: ${known.type} is not known here`);
  }
}

const texts = Object.entries<Route>(routes).flatMap(([name, { params, query, body }]) =>
  [params, query, body].flatMap((schema) => (schema === undefined ? [] : textsOf(schema, name))),
);

test('every text that a request may hold refuses NUL and halves of characters, and has an end', () => {
  expect(texts.length).toBeGreaterThan(60);
  const open = texts.filter(([, schema]) =>
    ['a\0b', '\0', '/\0', '\uD800', '/a\uDC00', 'x'.repeat(4_194_305)].some(
      (text) => z.safeParse(schema, text).success,
    ),
  );
  expect(open.map(([path]) => path)).toEqual([]);
});

test('only what is handed on to procs, config and their output may hold what nobody sees', () => {
  const open = texts.filter(([, schema]) =>
    ['a\x1B[31m', 'a\u202Eb', 'a\x9Bb'].some((text) => z.safeParse(schema, text).success),
  );
  expect([...new Set(open.map(([path]) => path.replace(/^\w+/, '')))].sort()).toEqual([
    '.command.args[]',
    '.command.env{}',
    '.config{}',
    '.perRank{}.args[]',
    '.perRank{}.env{}',
    '.perRank{}.readiness.contains',
    '.readiness.contains',
  ]);
});
