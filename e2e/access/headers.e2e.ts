import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

const answerHeaders = {
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': expect.stringContaining('camera=()'),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

test('every answer of the dashboard has all headers, tells no inner address, and no page may run what is not ours', async ({
  request,
  stack,
  attach,
}) => {
  const { id, meshId } = await attach({ mesh: 'headers', hosts: localAgents(stack) });
  const ask = (path: string, options: object = {}) => request.get(path, { maxRedirects: 0, ...options });
  const home = await ask('/');
  const files = [...(await home.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css'))).toBe(
    true,
  );
  const pages = [
    '/',
    '/sign-in',
    '/meshes',
    `/meshes/${meshId}`,
    `/attempts/${id}`,
    '/procs',
    '/activity',
    '/nothing',
  ];
  const others = ['/_next/static/none.js', '/_next/none', '/icon.svg', '/favicon.ico', '/meshes/', '/%zz'];
  const proxied = [
    '/api/v1/health',
    '/api/v1/meshes',
    '/api/v1/nothing',
    '/api/v1/meshes/%00',
    '/api/v1/docs',
  ];
  const images = ['/_next/image', '/_next/image?url=%2Ficon.svg&w=64&q=75'];
  for (const path of new Set([...pages, ...files, ...others, ...proxied, ...images])) {
    const answer = await ask(path);
    const headers = answer.headers();
    expect.soft(headers, path).toMatchObject(answerHeaders);
    expect.soft(JSON.stringify(headers), path).not.toContain(String(stack.apiPort));
    expect.soft(answer.status(), path).toBeLessThan(500);
    if (images.includes(path)) expect.soft(answer.status(), path).toBe(404);
    if (headers['content-type']?.startsWith('text/html') && !path.startsWith('/api/')) {
      const policy = headers['content-security-policy'] ?? '';
      expect.soft(policy, path).toMatch(/default-src 'self'.*script-src 'nonce-\w+' 'strict-dynamic'/);
      expect.soft(policy, path).not.toMatch(/unsafe|\*|https?:/);
    }
  }
  const foreign = await ask('/', { headers: { host: 'evil.example' } });
  expect(foreign.status()).toBe(421);
  expect(foreign.headers()).toMatchObject(answerHeaders);
  expect(await foreign.json()).toMatchObject({ code: 'host_refused', status: 421 });
});

test('no method but those that are served is answered with more than that', async ({ request }) => {
  for (const path of ['/', '/meshes', '/nothing', '/icon.svg', '/api/v1/health', '/api/v1/meshes'])
    for (const method of ['PUT', 'PATCH', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND', 'POST', 'DELETE']) {
      const answer = await request.fetch(path, { method, maxRedirects: 0 });
      expect.soft(answer.status(), `${method} ${path}`).toBe(405);
      expect.soft(answer.headers(), `${method} ${path}`).toMatchObject(answerHeaders);
    }
});
