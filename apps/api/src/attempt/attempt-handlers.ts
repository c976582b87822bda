import type { ConfigPushFailure, HostResult } from '@hostmesh/contract';
import type { Attempts } from '@hostmesh/db';
import { csvAnswer, wantsCsv, type CsvColumn } from '../http/csv.ts';
import { readIdempotency, type Idempotency } from '../http/idempotency.ts';
import { actorOf, json, pageAnswer, prefers, type Call, type Handlers } from '../http/route-types.ts';
import { notFound, type RouteResult } from '../problem/route-fault.ts';
import { answerStarted } from './attempt-answer.ts';
import type { AttemptService, Started } from './attempt-service.ts';
import { attemptSummary, hostResult } from './attempt-view.ts';
import { planAttach, type PlanLimits } from './plan-attach.ts';

type AttemptRoutes =
  | 'startAttach'
  | 'listAttempts'
  | 'getAttempt'
  | 'listAttemptHosts'
  | 'retryAttempt'
  | 'cancelAttempt'
  | 'pushConfig';

/** Attempts over HTTP (design section 8). */
export function attemptHandlers(
  service: AttemptService,
  attempts: Attempts,
  limits: PlanLimits,
): Pick<Handlers, AttemptRoutes> {
  type AnyCall = Pick<Call<never>, 'headers'> & { readonly params: unknown; readonly body: unknown };

  /** What all routes that start an attempt have in common. */
  async function starting(
    route: AttemptRoutes,
    call: AnyCall,
    start: (idempotency: Idempotency) => Promise<RouteResult<Started>>,
  ) {
    const idempotency = readIdempotency(call.headers['idempotency-key'], [route, call.params, call.body]);
    if (!idempotency.ok) return idempotency;
    const started = await start(idempotency.value);
    return started.ok
      ? answerStarted(service, started.value, call.headers.prefer, route === 'startAttach' ? 200 : 201)
      : started;
  }

  return {
    startAttach: (call) =>
      starting('startAttach', call, async (key) => {
        const task = planAttach(call.body, limits);
        return task.ok ? service.start(actorOf(call), task.value, key) : task;
      }),
    retryAttempt: (call) =>
      starting('retryAttempt', call, (key) => service.retry(actorOf(call), call.params.id, call.body, key)),
    pushConfig: (call) =>
      starting('pushConfig', call, (key) => service.push(actorOf(call), call.params.id, call.body, key)),
    cancelAttempt: async (call) => {
      const isHasty = prefers(call.headers.prefer, 'no-wait-cleanup');
      const cancelled = await service.cancel(actorOf(call), call.params.id, isHasty);
      return cancelled.ok ? json(cancelled.value) : cancelled;
    },
    listAttempts: async ({ query }) => pageAnswer(await attempts.list(query), attemptSummary),
    getAttempt: async ({ params }) => {
      const attempt = await service.view(params.id);
      return attempt === undefined ? notFound(`attempt ${params.id}`) : json(attempt);
    },
    listAttemptHosts: async ({ params, query, headers }) => {
      if ((await attempts.get(params.id)) === undefined) return notFound(`attempt ${params.id}`);
      if (!wantsCsv(headers.accept)) return pageAnswer(await attempts.hosts(params.id, query), hostResult);
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      return csvAnswer({
        name: `${params.id}-hosts.csv`,
        columns: hostColumns,
        batches: attempts.readHosts(params.id, filter),
        toItem: hostResult,
      });
    },
  };
}

const codeOf = (failure: ConfigPushFailure | null) => (failure && 'code' in failure ? failure.code : null);

const hostColumns: readonly CsvColumn<HostResult>[] = [
  ['rank', (host) => host.rank],
  ['address', (host) => host.address],
  ['hostId', (host) => host.hostId],
  ['state', (host) => host.state],
  ['failureKind', (host) => host.failure?.kind],
  ['failureCode', (host) => codeOf(host.failure)],
  ['failureMessage', (host) => host.failure?.message],
  ['restore', (host) => host.restore?.kind],
  ['restoreReason', (host) => (host.restore?.kind === 'residue' ? host.restore.reason : null)],
  ['connectMs', (host) => host.connectMs],
  ['ackMs', (host) => host.ackMs],
  ['shadowedKeys', (host) => host.shadowedKeys.map(({ key, layer }) => `${key} (${layer})`).join(' ')],
  ['unknownKeys', (host) => host.unknownKeys.join(' ')],
  ['tookOverFrom', (host) => host.tookOverFrom],
  ['agentVersion', (host) => host.agentVersion],
];
