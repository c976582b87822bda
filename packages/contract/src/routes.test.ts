import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { problemTable } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const all = Object.entries<Route>(routes);

describe('routes', () => {
  test('no two serve the same method and path', () => {
    const served = all.map(([, route]) => `${route.method} ${route.path}`);
    expect(new Set(served).size).toBe(served.length);
  });

  test.each(all)('%s takes exactly the parameters that its path names', (_, route) => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const taken = route.params instanceof z.ZodObject ? Object.keys(route.params.shape) : [];
    expect(taken).toEqual(named);
  });

  test.each(all)('%s tells of every problem at most once, and only of some that there are', (_, route) => {
    expect(new Set(route.problems).size).toBe(route.problems.length);
    for (const code of route.problems) expect(problemTable).toHaveProperty(code);
  });

  test.each(all.filter(([, route]) => route.body ?? route.query))(
    '%s refuses fields that it does not know',
    (_, route) => {
      const schema = route.body ?? route.query;
      const issues = schema?.safeParse({ colour: 'red' }).error?.issues ?? [];
      expect(issues.map(({ code }) => code)).toContain('unrecognized_keys');
    },
  );
});
