import { expect, test } from 'vitest';
import { operationsOf, type ApiDocument } from './api-document.ts';
import { judgeBy } from './judge-answer.ts';

const problem = {
  type: 'object',
  properties: { code: { type: 'string' }, status: { type: 'integer' } },
  required: ['code', 'status'],
};
const answer = { content: { 'application/problem+json': { schema: { $ref: '#/$defs/Problem' } } } };
const document: ApiDocument = {
  paths: {
    '/a': {
      get: {
        operationId: 'getA',
        responses: {
          200: { content: { 'application/json': { schema: { type: 'integer' } } } },
          400: answer,
          500: answer,
          502: answer,
        },
      },
    },
  },
  $defs: { Problem: problem },
};
const [getA] = operationsOf(document);
const judge = (status: number, type: string, body: unknown, method = 'GET') =>
  getA === undefined
    ? ['no operation']
    : judgeBy(document)(getA, method, {
        status,
        headers: { 'content-type': type, 'x-request-id': 'req_1' },
        body: JSON.stringify(body),
        cut: false,
      });
const problemOf = (status: number, code: string) =>
  judge(status, 'application/problem+json', { code, status });

test('what the document says of an answer is what it may be', () => {
  expect(judge(200, 'application/json', 3)).toEqual([]);
  expect(problemOf(400, 'invalid_request')).toEqual([]);
});

test('another status, form or shape than the document has is a fault', () => {
  expect(problemOf(404, 'not_found')).toEqual(['answers 404, which the document does not have']);
  expect(judge(200, 'text/html', '')).toEqual(['answers "text/html", which the document does not have']);
  expect(judge(200, 'application/json', 'x').join()).toContain('does not fit its schema');
  expect(judge(400, 'application/problem+json', { status: 400 }).join()).toContain(
    "required property 'code'",
  );
  expect(judge(400, 'application/problem+json', { code: 'a', status: 401 })).toEqual([
    'says another status than 400',
  ]);
});

test('a failure of ours is a fault though the document has it, and one of a host is none', () => {
  expect(problemOf(500, 'internal')).toEqual(['answers 500']);
  expect(problemOf(502, 'host_unreachable')).toEqual([]);
});
