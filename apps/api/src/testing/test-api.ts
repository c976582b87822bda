import { API_BASE } from '@hostmesh/contract';
import { emptyLayers, printAddress, withLayer, type ChannelAddress } from '@hostmesh/core';
import { openDatabase, type Database } from '@hostmesh/db';
import { createTestDatabase } from '@hostmesh/db/testing';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { pino } from 'pino';
import { hashOfSecret } from '../id/random-id.ts';
import { buildApi, type Api, type ApiTiming } from '../api/build-api.ts';
import { bearer, TEST_TOKEN } from './test-server.ts';
import { atEnd } from './per-file.ts';

/** What a dashboard of the tests marks with whom it asks for. */
export const TEST_PROXY_KEY = 'key of the dashboard';

export interface TestApi {
  readonly api: Api;
  readonly db: Database;
  readonly databaseUrl: string;
  /** What a request over a socket needs to be let in. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sends a request with a good token. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, headers?: object): Promise<TestReply>;
}

export interface TestReply {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** Whatever JSON came back; tests look at what they know to be there. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape differs from route to route
  readonly body: any;
  readonly text: string;
}

export interface TestApiOptions {
  readonly timing?: Partial<ApiTiming>;
  readonly maxHosts?: number;
  /** Another API on this database, instead of one of its own. */
  readonly databaseUrl?: string;
  readonly clientId?: string;
  /** Puts something between the API and its database. */
  readonly wrap?: (db: Database) => Database;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it heals hosts that have lost their config; not when absent. */
  readonly heal?: boolean;
}

/** A started API on a database of this test alone, ended after the test. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const url = options.databaseUrl ?? (await testDatabaseUrl());
  const opened = await openDatabase(url);
  if (!opened.ok) throw new Error(opened.fault.message);
  const db = options.wrap?.(opened.value) ?? opened.value;
  await db.tokens.create({
    id: 'tok_1',
    name: 'tester',
    hash: hashOfSecret(TEST_TOKEN),
    createdAt: new Date(),
  });
  const transport = createTransport({ agentKey: testAgentKey });
  const api = buildApi({
    db,
    transport,
    layers: withLayer(emptyLayers, 'Env', options.env ?? {}),
    client: { clientId: options.clientId ?? 'api_test', label: 'hostmesh@test' },
    allow: { hosts: [], localPorts: [3000] },
    maxHosts: options.maxHosts ?? 20_000,
    concurrency: 1024,
    heal: options.heal ?? false,
    retentionMs: 86_400_000,
    localAgents: null,
    dashboardUrl: 'http://localhost:3000',
    proxyKey: TEST_PROXY_KEY,
    metricsAccess: { kind: 'closed' },
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    version: '0.0.0',
    ...(options.timing && { timing: options.timing }),
  });
  atEnd(async () => {
    await api.stop(0);
    await transport.close();
    await db.close();
  });
  await api.start();
  return {
    api,
    db,
    databaseUrl: url,
    headers: bearer,
    async send(method, path, body, headers = {}) {
      const reply = await api.app.inject({
        method,
        url: API_BASE + path,
        headers: { ...bearer, ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { payload: JSON.stringify(body) }),
      });
      const isJson = /json/.test(String(reply.headers['content-type']));
      return {
        status: reply.statusCode,
        headers: reply.headers,
        body: isJson ? reply.json() : undefined,
        text: reply.body,
      };
    },
  };
}

/** A migrated database of this test alone, given back after it. */
export async function testDatabaseUrl(): Promise<string> {
  const { url, release } = await createTestDatabase();
  atEnd(release);
  return url;
}

/** As a host list. */
export const listOf = (addresses: readonly ChannelAddress[]): string[] => addresses.map(printAddress);
