import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, expect, test } from 'vitest';
import { bearer, buildTestServer } from '../testing/test-server.ts';

const app = buildTestServer();
afterAll(() => app.close());

/** Past those that the linter recommends. */
const moreRules = [
  'array-parameter-serialization',
  'component-name-unique',
  'operation-4xx-problem-details-rfc7807',
  'operation-description',
  'operation-singular-tag',
  'operation-tag-defined',
  'parameter-description',
  'path-params-defined',
  'paths-kebab-case',
  'spec-strict-refs',
  'tags-alphabetical',
];

test('a linter finds nothing in the OpenAPI document: every example fits its schema, and all that is used is described', async () => {
  const { body } = await app.inject({ url: '/api/v1/openapi.json', headers: bearer });
  const rules = Object.fromEntries(moreRules.map((name) => [name, 'error' as const]));
  const config = await createConfig({ extends: ['recommended-strict'], rules });
  const problems = await lintFromString({ source: body, config });
  expect(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
  ).toEqual([]);
});
