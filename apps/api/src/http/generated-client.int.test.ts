import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import createClient, { type Client } from 'openapi-fetch';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, expect, test } from 'vitest';
import { bearer, buildTestServer } from '../testing/test-server.ts';
import { ok } from '@hostmesh/core';
import { anAttempt } from '@hostmesh/contract/testing';

/** What a user of the document might write; each expected error is something that the types have to refuse. */
const program = `
import type { Client } from 'openapi-fetch';
import type { components, paths } from './paths.d.ts';

export async function attach(client: Client<paths>): Promise<string> {
  const { data, error, response } = await client.POST('/api/v1/attach-attempts', {
    params: { header: { Prefer: 'respond-async', 'Idempotency-Key': 'once' } },
    body: { mesh: 'train', hosts: 'tcp:10.0.0.[1-4]:26600', timeout: '10s' },
  });
  if (error !== undefined) return \`\${error.status} \${error.code}: \${error.detail} (\${error.requestId})\`;
  const state: components['schemas']['Attempt']['state'] = data.state;
  return \`\${response.status} \${data.id} \${state} \${data.counts.total}\`;
}

export async function others(client: Client<paths>): Promise<unknown[]> {
  const hosts = await client.GET('/api/v1/meshes/{id}/hosts', {
    params: { path: { id: 'mesh_1' }, query: { health: 'unreachable', limit: 10 } },
  });
  // It may be a CSV file, too.
  const first = typeof hosts.data === 'object' ? hosts.data.items[0]?.address : undefined;
  const spawned = await client.POST('/api/v1/meshes/{id}/proc-meshes', {
    params: { path: { id: 'mesh_1' } },
    body: { name: 'w', perHost: {}, command: { program: 'sleep', args: ['60'] }, readiness: { kind: 'alive' } },
  });
  const ended = await client.DELETE('/api/v1/session');
  return [first, spawned.error?.procFailures?.[0]?.exitCode, ended.response.status];
}

export async function wrong(client: Client<paths>): Promise<void> {
  // There is no such path.
  // @ts-expect-error -- the compiler has to say so
  await client.GET('/api/v1/mesh');
  // The mesh is missing.
  // @ts-expect-error -- the compiler has to say so
  await client.POST('/api/v1/attach-attempts', { body: { hosts: 'tcp:10.0.0.1:26600' } });
  // There is no such health.
  // @ts-expect-error -- the compiler has to say so
  await client.GET('/api/v1/meshes/{id}/hosts', { params: { path: { id: 'm' }, query: { health: 'fine' } } });
}
`;

const app = buildTestServer({
  startAttach: async () => ok({ kind: 'json', status: 202, body: anAttempt() }),
});
afterAll(() => app.close());

/** Where the modules of this package are found, and no source of ours is. */
const cache = join(import.meta.dirname, '../../node_modules/.cache');
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript-7/package.json')),
  'bin/tsc',
);

test('a client that is generated from the OpenAPI document compiles, refuses what the API would refuse, and is answered', async () => {
  const { body } = await app.inject({ url: '/api/v1/openapi.json', headers: bearer });
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, 'generated-client-'));
  try {
    await writeFile(join(dir, 'paths.d.ts'), astToString(await openapiTS(body)));
    await writeFile(join(dir, 'program.ts'), program);
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'esnext',
      '--types',
      '',
    ];
    const compiled = await promisify(execFile)(process.execPath, [
      compiler,
      ...options,
      '--allowImportingTsExtensions',
      join(dir, 'program.ts'),
    ]).catch((error: { stdout: string }) => error);
    expect(compiled.stdout).toBe('');

    const client = createClient({ baseUrl: 'http://127.0.0.1:4600', headers: bearer, fetch: inject });
    const { attach }: { attach: (client: Client<object>) => Promise<string> } = await import(
      join(dir, 'program.ts')
    );
    expect(await attach(client)).toBe('202 att_1 running 4');
  } finally {
    await rm(dir, { recursive: true });
  }
});

/** The requests of the client, to the test's server. */
async function inject(request: Request): Promise<Response> {
  const answer = await app.inject({
    method: request.method === 'POST' ? 'POST' : 'GET',
    url: new URL(request.url).pathname,
    headers: Object.fromEntries(request.headers),
    payload: await request.text(),
  });
  return new Response(answer.body, {
    status: answer.statusCode,
    headers: { 'content-type': String(answer.headers['content-type']) },
  });
}
