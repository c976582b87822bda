import type { FastifyInstance } from 'fastify';
import { readBearer } from '../auth/caller.ts';
import { sendFault } from '../problem/send.ts';
import type { Metrics } from './metrics.ts';

type Authenticate = (credentials: { bearer?: string | undefined }) => Promise<unknown>;

/** Serves `/metrics` to this machine, and to others who hold a token. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics, authenticate: Authenticate): void {
  app.get('/metrics', { schema: { hide: true }, config: { public: true } }, async (request, reply) => {
    const bearer = readBearer(request.headers.authorization);
    if (!isLoopback(request.ip) && (await authenticate({ bearer })) === undefined) {
      const message = 'From another machine, metrics need Authorization: Bearer <token>.';
      return sendFault(request, reply, { code: 'unauthenticated', message });
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

const isLoopback = (ip: string) => /^(::1|(::ffff:)?127\.)/.test(ip);
