import { expect, test } from 'vitest';
import { apiUrlOf } from './api-url.ts';

test.each([
  [{}, 'http://127.0.0.1:4600'],
  [{ HOSTMESH_API_PORT: '4700' }, 'http://127.0.0.1:4700'],
  [{ HOSTMESH_API_PORT: '4700', HOSTMESH_API_URL: 'https://mesh.example' }, 'https://mesh.example'],
  [{ HOSTMESH_API_PORT: '', HOSTMESH_API_URL: '' }, 'http://127.0.0.1:4600'],
])('with %j the API is at %s', (env, url) => {
  expect(apiUrlOf(env)).toBe(url);
});
