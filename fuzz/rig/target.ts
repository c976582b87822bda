import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { AgentKey } from '@hostmesh/protocol';
import { unusedPort, workspace } from '@hostmesh/soak/place';
import { TargetPart } from './target-part.ts';

/** Longer than any key must be, and known to this run alone. */
const KEY = 'the agent key of a run that tries everything';
/** Programs that what is spawned at random may be: they do nothing, and end by themselves. */
const programs = ['true', 'false', 'echo', 'sleep'];

/** What is fuzzed: an API on a database, and agents. */
export interface Target {
  readonly baseUrl: string;
  readonly token: string;
  readonly key: AgentKey;
  /** Every address at which an agent of ours is, or was told to leave. */
  readonly addresses: readonly string[];
  /** All that runs, or did. */
  readonly parts: () => readonly TargetPart[];
  /** Starts agents again that were told to leave. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything below `dir`. Without a URL the API has a database of its own. */
export async function startTarget(dir: string, agents: number, databaseUrl = ''): Promise<Target> {
  const keyFile = join(dir, 'key');
  writeFileSync(keyFile, KEY, { mode: 0o600 });
  const key = AgentKey.parse(KEY);
  if (!key.ok) throw new Error(key.fault.message);
  const ended: TargetPart[] = [];

  const startAgent = (name: string, port: number): Promise<TargetPart> => {
    const dataDir = join(dir, name);
    mkdirSync(dataDir, { recursive: true });
    const allowed = programs.flatMap((program) => ['--allow', program]);
    const main = join(workspace, 'apps/agent/src/cli.ts');
    return TargetPart.start({
      name,
      args: [main, '--listen', `tcp:127.0.0.1:${port}`, '--data-dir', dataDir, ...allowed],
      env: { HOSTMESH_AGENT_KEY_FILE: keyFile, HOSTMESH_RUN_AS: userInfo().username },
      ready: /"address":"(tcp:[^"]+)"/,
      logFile: join(dir, `${name}.log`),
    });
  };
  const ports = await Promise.all(Array.from({ length: agents }, unusedPort));
  const running = await Promise.all(ports.map((port, index) => startAgent(`agent-${index + 1}`, port)));
  const dataDir = join(dir, 'api');
  const api = await TargetPart.start({
    name: 'api',
    args: [join(workspace, 'apps/api/src/main.ts')],
    env: {
      HOSTMESH_API_PORT: '0',
      HOSTMESH_DATA_DIR: dataDir,
      HOSTMESH_AGENT_KEY_FILE: keyFile,
      HOSTMESH_SHUTDOWN_GRACE: '1s',
      ...(databaseUrl !== '' && { DATABASE_URL: databaseUrl }),
    },
    ready: /API ready: (http[^"\s]+)/,
    logFile: join(dir, 'api.log'),
  }).catch(async (error: unknown) => {
    await Promise.all(running.map((agent) => agent.stop()));
    throw error;
  });
  return {
    baseUrl: new URL(api.said).origin,
    token: readFileSync(join(dataDir, 'admin-token'), 'utf8').trim(),
    key: key.value,
    addresses: ports.map((port) => `tcp:127.0.0.1:${port}`),
    parts: () => [api, ...running, ...ended],
    async revive() {
      for (const [index, agent] of running.entries()) {
        if (agent.end === null || agent.crash !== null) continue;
        ended.push(agent);
        running[index] = await startAgent(agent.name, ports[index] ?? 0);
      }
    },
    async stop() {
      await Promise.all([api, ...running].map((part) => part.stop()));
    },
  };
}
