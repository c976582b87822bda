import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { client, patientClient } from './client.ts';

test('pages get nothing of the API but by clients that show all that is in its texts', () => {
  const name = 'agent\u202E\x1B[31m<b>';
  for (const each of [client, patientClient])
    expect(each.shown({ name })).toEqual({ name: 'agent\uFFFD\uFFFD[31m<b>' });
  const src = join(import.meta.dirname, '..');
  const others = globSync('**/*.{ts,tsx}', { cwd: src })
    .filter((file) => !file.includes('.test.') && file !== 'api/client.ts')
    .filter((file) =>
      /\b(createClient|fetch|EventSource)\(|dangerouslySetInnerHTML|innerHTML/.test(
        readFileSync(join(src, file), 'utf8'),
      ),
    );
  expect(others).toEqual([]);
});
