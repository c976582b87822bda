import { problemTable } from '@hostmesh/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, type ApiFault } from './api-fault.ts';

/** Answers with the problem document of a fault. Faults of our own making are logged with their cause. */
export function sendFault(request: FastifyRequest, reply: FastifyReply, fault: ApiFault): FastifyReply {
  const { status } = problemTable[fault.code];
  if (status >= 500) request.log.error({ err: fault.cause, code: fault.code }, fault.message);
  return reply
    .code(status)
    .headers({ ...fault.headers })
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(fault, request.id));
}
