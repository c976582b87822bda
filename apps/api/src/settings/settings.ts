import { resolve } from 'node:path';
import { inspect } from 'node:util';
import {
  DEFAULT_API_PORT,
  DEFAULT_WEB_PORT,
  fail,
  ok,
  parseAllowedHosts,
  parseDuration,
  parseHostList,
  type Fault,
  type Result,
} from '@hostmesh/core';
import { readMetricsAccess, secretIn, type MetricsAccess } from '@hostmesh/part';
import { z } from 'zod';

/** What `main.ts` starts the API with (design section 12). */
export interface ApiSettings {
  readonly dataDir: string;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The dashboard's port: its pages may change things through us. */
  readonly webPort: number;
  /** Absent: we start the embedded Postgres ourselves. */
  readonly databaseUrl: Secret | null;
  /** Shared key between us and the agents, unless the data directory has one. */
  readonly agentKey: Secret | null;
  /** The file that holds it instead. */
  readonly agentKeyFile: string | null;
  /** Names, besides those of this machine, under which we may be reached; lower case. */
  readonly allowedHosts: readonly string[];
  /** The key with which the dashboard says whom it asks for; null where no dashboard is trusted to. */
  readonly proxyKey: Secret | null;
  /** Who is told the metrics, besides those who hold a token of ours. */
  readonly metricsAccess: MetricsAccess;
  readonly maxHosts: number;
  readonly concurrency: number;
  /** Whether hosts that have lost their config are pushed to again without being asked. */
  readonly heal: boolean;
  /** How long what has ended is kept. */
  readonly retentionMs: number;
  /** Host list of the agents that were started with us, on this machine; null where there are none. */
  readonly localAgents: string | null;
  readonly shutdownGraceMs: number;
  readonly logLevel: (typeof logLevels)[number];
}

/** Every problem of the environment at once, each saying how to fix it. */
export interface ApiSettingsFault extends Fault<'invalid_settings'> {
  readonly problems: readonly string[];
}

/** A text that prints as `[redacted]` wherever it is logged, serialised or inspected. */
class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}

const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
/** Shorter, and what somebody works with would go. */
const MIN_RETENTION_MS = 3_600_000;
const MAX_LOCAL_AGENTS = 64;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    // Digits and nothing else: `1e3` and ` ` are no numbers here.
    .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : NaN))
    .pipe(
      z.int('must be a whole number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`),
    )
    .default(fallback);
/** A setting that is read as all of Hostmesh reads it. */
const readBy =
  <T>(parse: (text: string) => Result<T, Fault>) =>
  (text: string, context: z.RefinementCtx): T => {
    const read = parse(text);
    if (read.ok) return read.value;
    context.addIssue(read.fault.message);
    return z.NEVER;
  };
/** A host list as it was given: no shorter text says the same. */
function checkedHostList(text: string): Result<string, Fault> {
  const parsed = parseHostList(text, { maxHosts: MAX_LOCAL_AGENTS });
  return parsed.ok ? ok(text) : parsed;
}
/** The key that a file holds, which nobody could guess. */
function readKeyFile(file: string): Result<Secret, Fault> {
  const found = secretIn(file, 'names a key that');
  return found.kind === 'secret'
    ? ok(new Secret(found.text))
    : fail({ code: 'weak_secret', message: found.why });
}
const port = (fallback: number) => whole(0, 65_535, fallback);
const secret = z
  .string()
  .transform((text) => new Secret(text))
  .nullable()
  .default(null);

const Env = z.object({
  HOSTMESH_DATA_DIR: z.string().default('.hostmesh'),
  HOSTMESH_API_HOST: z
    .string()
    .transform((host) => host.replace(/^\[(.*)\]$/, '$1'))
    .default('127.0.0.1'),
  HOSTMESH_API_PORT: port(DEFAULT_API_PORT),
  HOSTMESH_WEB_PORT: port(DEFAULT_WEB_PORT),
  HOSTMESH_ALLOWED_HOSTS: z.string().default('').transform(readBy(parseAllowedHosts)),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a URL as in `postgresql://user:password@host:5432/name`',
    })
    .transform((text) => new Secret(text))
    .nullable()
    .default(null),
  HOSTMESH_AGENT_KEY: secret,
  HOSTMESH_AGENT_KEY_FILE: z.string().nullable().default(null),
  HOSTMESH_PROXY_KEY_FILE: z.string().transform(readBy(readKeyFile)).nullable().default(null),
  HOSTMESH_METRICS: z.string().optional(),
  HOSTMESH_METRICS_TOKEN_FILE: z.string().optional(),
  HOSTMESH_MAX_HOSTS: whole(1, 1_000_000, 20_000),
  HOSTMESH_CONCURRENCY: whole(1, 100_000, 1024),
  HOSTMESH_HEAL: z.enum(['on', 'off'], 'must be on or off').default('on'),
  HOSTMESH_RETENTION: z
    .string()
    .default('30d')
    .transform(readBy((text) => parseDuration(text, { minMs: MIN_RETENTION_MS }))),
  HOSTMESH_LOCAL_AGENTS: z.string().transform(readBy(checkedHostList)).nullable().default(null),
  HOSTMESH_SHUTDOWN_GRACE: z.string().default('10s').transform(readBy(parseDuration)),
  HOSTMESH_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

/** Compiles the environment; an empty variable counts as absent. `main.ts` is the only caller. */
export function loadSettings(
  env: Readonly<Record<string, string | undefined>>,
): Result<ApiSettings, ApiSettingsFault> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    return invalid(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`));
  }
  const read = parsed.data;
  if (!LOOPBACK.test(read.HOSTMESH_API_HOST) && read.HOSTMESH_ALLOWED_HOSTS.length === 0) {
    return invalid([
      `HOSTMESH_API_HOST is ${read.HOSTMESH_API_HOST}, which other machines can reach: set HOSTMESH_ALLOWED_HOSTS to` +
        ' the names that the API is reached by there (put TLS in front of it: tokens travel in the clear), or bind 127.0.0.1',
    ]);
  }
  const { HOSTMESH_METRICS: access, HOSTMESH_METRICS_TOKEN_FILE: tokenFile } = read;
  const metricsAccess = readMetricsAccess({ access, tokenFile });
  if (typeof metricsAccess === 'string')
    return invalid([`HOSTMESH_METRICS, HOSTMESH_METRICS_TOKEN_FILE: ${metricsAccess}`]);
  return ok({
    dataDir: resolve(read.HOSTMESH_DATA_DIR),
    host: read.HOSTMESH_API_HOST,
    port: read.HOSTMESH_API_PORT,
    webPort: read.HOSTMESH_WEB_PORT,
    databaseUrl: read.DATABASE_URL,
    agentKey: read.HOSTMESH_AGENT_KEY,
    agentKeyFile: read.HOSTMESH_AGENT_KEY_FILE,
    allowedHosts: read.HOSTMESH_ALLOWED_HOSTS,
    proxyKey: read.HOSTMESH_PROXY_KEY_FILE,
    metricsAccess,
    maxHosts: read.HOSTMESH_MAX_HOSTS,
    concurrency: read.HOSTMESH_CONCURRENCY,
    heal: read.HOSTMESH_HEAL === 'on',
    retentionMs: read.HOSTMESH_RETENTION,
    localAgents: read.HOSTMESH_LOCAL_AGENTS,
    shutdownGraceMs: read.HOSTMESH_SHUTDOWN_GRACE,
    logLevel: read.HOSTMESH_LOG_LEVEL,
  });
}

const invalid = (problems: readonly string[]) =>
  fail({ code: 'invalid_settings' as const, message: problems.join('\n'), problems });
