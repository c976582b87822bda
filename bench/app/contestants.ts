import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type Client } from '@hostmesh/client';
import { printAddress, type ChannelAddress } from '@hostmesh/core';
import { forkCommands, type CommandProcess } from '@hostmesh/testkit';
import { TEST_AGENT_KEY } from '@hostmesh/protocol/testing-key';
import type { EngineCommands } from './attach-engine.ts';
import { startApp } from './start-app.ts';

/** The real API over a throwaway Postgres. */
export interface BenchApi extends AsyncDisposable {
  /** The mesh that was attached last. */
  readonly meshId: string;
  /** Attaches to all hosts; milliseconds from request to answer, which comes when everything is recorded. */
  attach(): Promise<number>;
  /** Gives the hosts back and closes the connections. */
  release(): Promise<void>;
  /** Asks for a path below `/api/v1`, with a body by POST; rejects unless the answer is a success. */
  ask(path: string, body?: object): Promise<unknown>;
  readonly client: Client;
  readonly pid: number;
}

/** Starts the API; `hosts` is a host list. */
export async function startApi(hosts: string, timeoutMs: number, path: string): Promise<BenchApi> {
  const app = await startApp({
    main: 'apps/api/src/main.ts',
    args: () => [],
    env: (dataDir) => ({
      PATH: path,
      HOSTMESH_DATA_DIR: dataDir,
      HOSTMESH_API_PORT: '0',
      HOSTMESH_AGENT_KEY: TEST_AGENT_KEY,
    }),
    readyText: '"api_ready"',
  });
  // A line of the API's own log.
  const { url } = JSON.parse(app.ready) as { url: string };
  const token = (await readFile(join(app.dataDir, 'admin-token'), 'utf8')).trim();
  const client = createClient({ baseUrl: url, token });
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const post = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await client.open(`/api/v1${path}`, body === undefined ? {} : post);
    if (!answer.ok) throw new Error(`${path}: ${answer.fault.message}`);
    return answer.value.json();
  };
  let meshId = '';
  return {
    get meshId() {
      return meshId;
    },
    attach: async () => {
      const began = performance.now();
      const attempt = await ask('/attach-attempts', {
        mesh: 'bench',
        hosts,
        timeout: `${timeoutMs}ms`,
      });
      const ms = performance.now() - began;
      // An answer to a successful attach: see the contract.
      ({ meshId } = attempt as { meshId: string });
      return ms;
    },
    release: async () => {
      await ask(`/meshes/${meshId}/stop`, {});
    },
    ask,
    client,
    pid: app.pid,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** Starts the engine for these hosts in a process of its own. */
export async function startEngine(
  addresses: readonly ChannelAddress[],
): Promise<CommandProcess<EngineCommands>> {
  const engine = forkCommands<EngineCommands>(new URL('./attach-engine.ts', import.meta.url));
  await engine.call('hosts', addresses.map(printAddress));
  return engine;
}
