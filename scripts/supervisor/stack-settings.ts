import { isAbsolute, join } from 'node:path';

/** What `npm start` reads from the environment (README, "Settings"). */
export interface StackSettings {
  readonly dataDir: string;
  readonly webPort: number;
  readonly apiPort: number;
  readonly agents: number;
  readonly agentPort: number;
  /** Holds the URL of a Postgres server of the user's own; `undefined` for the embedded one. */
  readonly databaseUrlFile: string | undefined;
  /** Holds the key of the user's own. */
  readonly agentKeyFile: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the settings, or says everything that is wrong with them. */
export function readSettings(
  env: Env,
  root: string,
): StackSettings | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const whole = (name: string, fallback: number, max: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= max) return value;
    problems.push(`${name} is "${text}": a whole number up to ${max} is needed.`);
    return fallback;
  };
  const dataDir = env.HOSTMESH_DATA_DIR || '.hostmesh';
  const settings: StackSettings = {
    dataDir: isAbsolute(dataDir) ? dataDir : join(root, dataDir),
    webPort: whole('HOSTMESH_WEB_PORT', 3000, 65_535),
    apiPort: whole('HOSTMESH_API_PORT', 4600, 65_535),
    agents: whole('HOSTMESH_AGENTS', 4, 64),
    agentPort: whole('HOSTMESH_AGENT_PORT', 26_600, 65_535),
    databaseUrlFile: env.DATABASE_URL_FILE || undefined,
    agentKeyFile: env.HOSTMESH_AGENT_KEY_FILE || undefined,
  };
  problems.push(...portProblems(settings));
  return problems.length === 0 ? settings : { problems };
}

function portProblems(settings: StackSettings): string[] {
  const users = new Map<number, string>();
  const problems: string[] = [];
  for (const { port, setting } of portsOf(settings)) {
    const other = users.get(port);
    if (port < 1 || port > 65_535) problems.push(`${setting} leads to port ${port}: ports are 1 to 65535.`);
    else if (other !== undefined && other !== setting)
      problems.push(`${other} and ${setting} both want port ${port}.`);
    users.set(port, setting);
  }
  return problems;
}

/** Every port that will be listened on, with the setting that moves it. */
export function portsOf(settings: StackSettings): { port: number; setting: string }[] {
  return [
    { port: settings.webPort, setting: 'HOSTMESH_WEB_PORT' },
    { port: settings.apiPort, setting: 'HOSTMESH_API_PORT' },
    ...Array.from({ length: settings.agents }, (_, index) => ({
      port: settings.agentPort + index,
      setting: 'HOSTMESH_AGENT_PORT',
    })),
  ];
}
