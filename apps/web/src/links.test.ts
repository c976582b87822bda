import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { links } from './links.ts';

test('ids are escaped, and empty filters are left out', () => {
  expect(links.mesh('a/b?c', { filter: 'health:unreachable gpu 0' })).toBe(
    '/meshes/a%2Fb%3Fc?filter=health%3Aunreachable+gpu+0',
  );
  expect(links.meshHost('mesh_1', 3, { filter: '' })).toBe('/meshes/mesh_1/hosts/3');
});

test('no page builds a link by hand', () => {
  const root = new URL('.', import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.startsWith('links'),
  );
  const handmade = sources.filter((name) =>
    /["'`]\/(attach|attempts|meshes|proc-meshes|procs|orphans|config|activity|sign-in)\b[^"'`]*["'`]/.test(
      readFileSync(new URL(name, root), 'utf8'),
    ),
  );
  expect(handmade).toEqual([]);
});
