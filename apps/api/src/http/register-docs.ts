import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import swagger from '@fastify/swagger';
import { API_BASE, namedSchemas, tagNotes } from '@hostmesh/contract';
import Fastify, { type FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sessionCookie } from '../auth/credentials.ts';
import { describeApi } from './describe-api.ts';

/** Every schema of the contract that has a name, so that the document refers to it instead of repeating it. */
const schemaRegistry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(namedSchemas)) schemaRegistry.add(schema, { id });

/** Serves the OpenAPI 3.1 document of every route in this scope, and a page that renders it. */
export async function registerDocs(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hostmesh',
        version,
        description: 'Attach to host meshes, push config, fail closed.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: Object.entries(tagNotes).map(([name, description]) => ({ name, description })),
      servers: [{ url: '/', description: 'This service' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'The admin token, or one made with it.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookie('…'),
            description:
              'Its name ends in an id of the installation. Set by `POST /session`; what changes something then also needs an `Origin` of ours.',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });
  const hidden = { schema: { hide: true } };
  let page: Promise<DocsPage> | undefined;

  app.get(`${API_BASE}/openapi.json`, hidden, () => describeApi(app.swagger()));
  app.get(`${API_BASE}/docs`, hidden, async (_, reply) => {
    const { html, csp } = await (page ??= renderPage());
    return reply.type('text/html; charset=utf-8').header('content-security-policy', csp).send(html);
  });
  app.get(`${API_BASE}/docs/reference.js`, hidden, async (_, reply) => {
    const { script } = await (page ??= renderPage());
    return reply
      .type('text/javascript; charset=utf-8')
      .header('content-encoding', 'gzip')
      .header('cache-control', 'private, max-age=3600')
      .send(script);
  });
}

interface DocsPage {
  readonly html: string;
  readonly csp: string;
  /** Gzipped: several megabytes of text. */
  readonly script: Buffer;
}

/**
 * Takes page and script from an instance of their own, at the first request: the plugin redirects to a path that
 * ends in a slash, which the dashboard's proxy strips again, and it costs memory that most never need.
 */
async function renderPage(): Promise<DocsPage> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const app = Fastify();
  await app.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: `${API_BASE}/openapi.json`,
      cdn: `${API_BASE}/docs/reference.js`,
      bundle: false,
      pageTitle: 'Hostmesh API',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  const html = (await app.inject('/docs/')).body;
  const script = await promisify(gzip)((await app.inject('/docs/js/scalar.js')).rawPayload);
  await app.close();
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  const csp = [
    "default-src 'none'",
    `script-src 'self' ${inline.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, csp, script };
}
