import { problemTable, type Problem } from '@hostmesh/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_ERRORS, type RouteFault } from './route-fault.ts';

/** Answers with the problem document of a fault. Faults of our own making are logged with their cause. */
export function sendFault(request: FastifyRequest, reply: FastifyReply, given: RouteFault): FastifyReply {
  const fault = reply.server.explainFault(given);
  const { status } = problemTable[fault.code];
  if (status >= 500) request.log.error({ err: fault.cause, code: fault.code }, fault.message);
  return reply
    .code(status)
    .headers({ ...fault.headers })
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(fault, request.id));
}

/** The RFC 9457 document of a fault. The cause stays out of it: it is for the log. */
export function problemOf(fault: RouteFault, requestId: string): Problem {
  const { status, title } = problemTable[fault.code];
  return {
    type: `urn:hostmesh:problem:${fault.code}`,
    title,
    status,
    code: fault.code,
    detail: fault.message,
    requestId,
    ...(fault.errors && { errors: fault.errors.slice(0, MAX_ERRORS) }),
    ...(fault.errors && fault.errors.length > MAX_ERRORS && { moreErrors: fault.errors.length - MAX_ERRORS }),
    ...(fault.attemptId !== undefined && { attemptId: fault.attemptId }),
    ...(fault.counts && { counts: fault.counts }),
    ...(fault.failures && { failures: [...fault.failures] }),
    ...(fault.failuresTruncated && { failuresTruncated: true }),
    ...(fault.ends && { ends: fault.ends }),
    ...(fault.inUse && { inUse: fault.inUse }),
    ...(fault.procMeshId !== undefined && { procMeshId: fault.procMeshId }),
    ...(fault.parts && { parts: [...fault.parts] }),
    ...(fault.procFailures && { procFailures: [...fault.procFailures] }),
  };
}
