import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { migratedSchema, schemaFile } from './pending.ts';

test('every change of the schema has its migration', async () => {
  expect(await readFile(migratedSchema, 'utf8')).toBe(await readFile(schemaFile, 'utf8'));
});
