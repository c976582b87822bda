import { problemTable } from '@hostmesh/contract';
import { errorCodes } from 'fastify';
import { expect, test } from 'vitest';
import { parserFaultOf, routeFaultOf } from './thrown-fault.ts';

/** All that the framework holds the caller responsible for, but for one that is about its own start. */
const callersOwn = Object.entries(errorCodes)
  .map(([code, Kind]) => [code, new Kind()] as const)
  .filter(([code, { statusCode = 500 }]) => statusCode < 500 && !code.endsWith('INSTANCE_ALREADY_STARTED'));

test.each(callersOwn)('%s of the framework is told as a fault of the caller', (_, error) => {
  const { code } = routeFaultOf(error);
  expect(problemTable[code].status).toBeGreaterThanOrEqual(400);
  expect(problemTable[code].status).toBeLessThan(500);
});

test.each([
  ['HPE_HEADER_OVERFLOW', 431],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['HPE_INVALID_METHOD', 400],
  ['HPE_ANY_NEW_ONE', 400],
])('%s of the parser is a %i', (code, status) => {
  expect(problemTable[parserFaultOf(code).code].status).toBe(status);
});
