import { expect, test } from 'vitest';
import { problem, runWith } from './testing/stand-in-api.ts';

const errors = [
  { field: 'timeout', message: 'must be longer' },
  { field: 'hosts', line: 2, message: 'no such channel type' },
];
const attach = ['attach', 'train', 'tcp:a:1'];

test('what is wrong with fields is said once, each by its name', async () => {
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const refused = { 'POST /attach-attempts': () => problem(400, 'invalid_request', { detail, errors }) };
  const { code, err } = await runWith(refused, attach);
  expect(code).toBe(2);
  expect(err).toBe(
    'hostmesh: invalid_request\n  timeout: must be longer\n  hosts line 2: no such channel type',
  );
});

test('a wrong token is said to be wrong, and where it came from', async () => {
  const refused = { 'GET /meshes': () => problem(401, 'unauthenticated') };
  expect(await runWith(refused, ['meshes'])).toMatchObject({
    code: 3,
    err: 'hostmesh: because of unauthenticated It came from HOSTMESH_TOKEN.',
  });
  expect((await runWith(refused, ['--token-file', '/there', 'meshes'])).err).toContain(
    'It came from /there.',
  );
});

test.each([
  ['the API', ['meshes', 'show', 'm'], { 'GET /meshes': () => problem(503, 'shutting_down') }],
  ['the command line', ['meshes', 'show', 'm'], { 'GET /meshes': () => ({ items: [], nextCursor: null }) }],
  ['an option', ['meshes', '--limit', 'x'], {}],
  ['the parser of options', ['meshes', '--no-such-option'], {}],
  ['no such command', ['meshez'], {}],
  ['a missing argument', ['attach'], {}],
  ['the file of the token', ['--token-file', '/not-there', 'meshes'], {}],
  ['the address of the API', ['--api', 'nowhere', 'meshes'], {}],
])('with --json an error of %s is JSON, too', async (_, args, answers) => {
  const { code, out, err } = await runWith(answers, ['--json', ...args]);
  expect([2, 3]).toContain(code);
  expect(JSON.parse(out)).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
  expect(err).not.toBe('');
});
