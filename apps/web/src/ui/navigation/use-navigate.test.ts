import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('nothing goes to another page past what a list has yet to write into its URL', () => {
  const root = new URL('../../', import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.tsx?$/.test(name),
  );
  const users = sources.filter((name) => readFileSync(new URL(name, root), 'utf8').includes('useRouter('));
  expect(users).toEqual(['ui/navigation/use-navigate.ts']);
});
