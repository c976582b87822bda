import type { IncomingHttpHeaders } from 'node:http';
import { mayReadMetrics, type MetricsAccess } from '@hostmesh/part';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus scrapes. Every label is of a small closed set; ids go into events instead. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'hostmesh_http_request_duration_seconds',
    help: 'Time to answer a request, event streams excluded.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  });
  readonly #attempts = new Histogram({
    name: 'hostmesh_attempt_duration_seconds',
    help: 'Time to the verdict of an attempt.',
    labelNames: ['kind', 'state'],
    buckets: [0.02, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers: [this.registry],
  });
  readonly #hosts = new Counter({
    name: 'hostmesh_attempt_hosts_total',
    help: 'Hosts of attempts that ended, by how the push went.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds a number that is read whenever somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** `route` is the pattern that matched, never the path. */
  requestAnswered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  attemptEnded(
    kind: string,
    state: string,
    seconds: number,
    hosts: { installed: number; failed: number },
  ): void {
    this.#attempts.observe({ kind, state }, seconds);
    this.#hosts.inc({ outcome: 'installed' }, hosts.installed);
    this.#hosts.inc({ outcome: 'failed' }, hosts.failed);
  }
}

/** Serves `/metrics` to whoever `access` admits, and to those who hold a token of the API. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics, access: MetricsAccess): void {
  const isPublic = ({ authorization }: IncomingHttpHeaders) => mayReadMetrics(access, authorization);
  app.get('/metrics', { schema: { hide: true }, config: { public: isPublic } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
