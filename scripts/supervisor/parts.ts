import { join } from 'node:path';
import type { PartSpec } from './part.ts';
import type { StackSettings } from './stack-settings.ts';

export interface Place {
  readonly root: string;
  readonly settings: StackSettings;
  /** Parts read it there: what is in their environment is readable for procs. */
  readonly agentKeyFile: string;
  /** By it the API knows the dashboard, which says whom it asks for. */
  readonly proxyKeyFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Sources are watched, and a change restarts what they belong to. */
  readonly watch: boolean;
}

/** Exit code of parts that cannot run as they are configured: a restart would end the same way. */
const MISCONFIGURED = 2;

/** Node's arguments for a source file of the workspace. */
const source = (place: Place, file: string): string[] =>
  place.watch ? ['--watch', '--watch-preserve-output', join(place.root, file)] : [join(place.root, file)];

/** The database server; its port is chosen before, so that it comes back where it was. */
export function postgresPart(place: Place, port: number): PartSpec {
  return {
    name: 'postgres',
    args: [
      join(place.root, 'prisma/src/postgres/main.ts'),
      '--data-dir',
      join(place.settings.dataDir, 'postgres'),
      '--port',
      String(port),
    ],
    cwd: place.root,
    env: place.env,
    readyUrl: null,
    finalCodes: [MISCONFIGURED],
    tells: true,
  };
}

/** The agents of this machine as a host list; empty where there are none. */
export function localAgentList({ agents, agentPort }: StackSettings): string {
  if (agents === 0) return '';
  return `tcp:127.0.0.1:${agents === 1 ? agentPort : `[${agentPort}-${agentPort + agents - 1}]`}`;
}

/** One host agent of this machine. */
export function agentPart(place: Place, index: number): PartSpec {
  const port = place.settings.agentPort + index;
  const main = 'apps/agent/src/main.ts';
  const dataDir = ['--data-dir', join(place.settings.dataDir, 'agents', String(index + 1))];
  // Procs on this machine are of whoever started all of this, also of root, unless that person says otherwise.
  const isRoot = process.geteuid?.() === 0;
  const runAs = isRoot && !place.env.HOSTMESH_RUN_AS ? ['--run-as', 'root'] : [];
  return {
    name: `agent-${index + 1}`,
    // Ctrl-C leaves no process behind, not even one that was to outlive its agent.
    args: [...source(place, main), '--listen', `tcp:127.0.0.1:${port}`, ...dataDir, ...runAs, '--end-kept'],
    cleanUpArgs: [join(place.root, main), ...dataDir, '--end-left'],
    cwd: place.root,
    env: { ...place.env, HOSTMESH_AGENT_KEY_FILE: place.agentKeyFile },
    readyUrl: `http://127.0.0.1:${port}/healthz`,
    // One that was told to leave service has, and serves anew: whoever attaches its address next finds it free.
    finalCodes: [MISCONFIGURED],
  };
}

export function apiPart(place: Place, databaseUrlFile: string): PartSpec {
  const { dataDir, apiPort, webPort } = place.settings;
  return {
    name: 'api',
    args: source(place, 'apps/api/src/main.ts'),
    cwd: place.root,
    env: {
      ...place.env,
      HOSTMESH_DATA_DIR: dataDir,
      HOSTMESH_API_PORT: String(apiPort),
      HOSTMESH_WEB_PORT: String(webPort),
      HOSTMESH_AGENT_KEY_FILE: place.agentKeyFile,
      HOSTMESH_PROXY_KEY_FILE: place.proxyKeyFile,
      HOSTMESH_LOCAL_AGENTS: localAgentList(place.settings),
      DATABASE_URL_FILE: databaseUrlFile,
      // Names are resolved on libuv's threads: with the usual four, two that hang hold up all others.
      UV_THREADPOOL_SIZE: place.env.UV_THREADPOOL_SIZE ?? '64',
    },
    readyUrl: `http://127.0.0.1:${apiPort}/api/v1/ready`,
    finalCodes: [MISCONFIGURED],
  };
}

export function webPart(place: Place): PartSpec {
  const { apiPort, webPort } = place.settings;
  return {
    name: 'web',
    args: [
      join(place.root, 'apps/web/server/main.ts'),
      '--host',
      '127.0.0.1',
      '--port',
      String(webPort),
      ...(place.watch ? ['--dev'] : []),
    ],
    cwd: join(place.root, 'apps/web'),
    env: { ...place.env, HOSTMESH_API_PORT: String(apiPort), HOSTMESH_PROXY_KEY_FILE: place.proxyKeyFile },
    readyUrl: `http://127.0.0.1:${webPort}/sign-in`,
  };
}
