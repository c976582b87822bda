import { expect, test } from 'vitest';
import { routeNotes, type RouteNote } from './route-notes.ts';
import { routes, type RouteName } from './routes.ts';
import type { Route } from './route.ts';

const all = Object.entries<RouteNote>(routeNotes).map(([name, note]) => {
  // The notes have the names of the routes, which their type holds.
  const route: Route = routes[name as RouteName];
  return [name, note, route] as const;
});

test.each(all)(
  'the note of %s says what it does, and its examples are what the route takes and answers',
  (_, note, route) => {
    expect(note.description.length).toBeGreaterThan(30);
    for (const [part, example] of [
      ['query', note.query],
      ['body', note.body],
      ['reply', note.reply],
    ] as const) {
      if (example === undefined) continue;
      const schema = route[part];
      expect(schema?.safeParse(example).error?.issues ?? []).toEqual([]);
      expect(schema).toBeDefined();
    }
    if (route.body !== undefined) expect(note.body).toBeDefined();
    if (route.reply !== undefined) expect(note.reply).toBeDefined();
  },
);
