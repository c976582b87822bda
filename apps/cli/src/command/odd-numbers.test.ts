import { describe, expect, test } from 'vitest';
import { aMesh } from '@hostmesh/contract/testing';
import { page, runWith } from '../testing/stand-in-api.ts';

/** Every number that is read here and not by the API. */
const numbers: readonly (readonly string[])[] = [
  ['forget-host', 'train'],
  ['history', 'train'],
  ['meshes', 'list', '--limit'],
  ['changes', '--since'],
  ['logs', 'workers', '--tail'],
  ['wait', 'workers', '--timeout'],
  ['run', 'train', '--ready'],
];

describe.each(numbers.map((args) => [args.join(' '), args] as const))('hostmesh %s', (_, args) => {
  test.each([
    '',
    ' ',
    '-1',
    'NaN',
    'Infinity',
    '0x10',
    '1e9',
    '1.5',
    '9'.repeat(30),
    `${'9'.repeat(30)}s`,
    '366d',
  ])('takes no %j, and asks for nothing', async (text) => {
    const answers = { 'GET /meshes': page(aMesh()) };
    const { code, err, sent } = await runWith(answers, [...args, text]);
    expect(code).toBe(2);
    expect(err).not.toBe('');
    expect(sent.filter(({ route }) => route !== 'GET /meshes')).toEqual([]);
  });
});
