import { dirname, isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, ok, parseAddress, type ChannelAddress, type Fault, type Result } from '@hostmesh/core';
import type { MetricsSettings } from '@hostmesh/part';
import { AgentKey, isLoopback, needsKey, type AgentKeySource } from '@hostmesh/protocol';
import { allowsAll } from './launch/allow-list.ts';
import type { AllowRules } from './launch/allow-rules.ts';

export const usage = `Usage: hostmesh-agent [options]

  --listen <address>   where to listen: tcp:127.0.0.1:26600 (default), tls:host:port, unix:/path; port 0: any free
  --data-dir <path>    where the host id, and procs with their output, are kept (default: .hostmesh/agent)
  --allow <program>    a program that procs may run: a name, an absolute path, or * for all; repeatable (default:
                       HOSTMESH_ALLOW_PROGRAMS, else * where only this machine can connect, and none elsewhere)
  --allow-env <name>   a variable that commands may set while not every program is allowed; * stands for any characters;
                       repeatable (default: HOSTMESH_ALLOW_ENV, else none: BASH_ENV or LD_PRELOAD run other code)
  --allow-cwd <dir>    a directory that commands may start in while not every program is allowed, with all below it, or * for
                       anywhere; repeatable (default: HOSTMESH_ALLOW_CWD, else none but a directory of each proc's own)
  --run-as <user>      the user that procs run as, with a group as in user:group; repeatable: the first, unless a command names another
                       of them (default: HOSTMESH_RUN_AS, else whoever runs the agent, and nobody when that is root)
  --cgroup <dir>       where procs get cgroups (version 2) of their own, to be counted and ended as a whole; none: nowhere, they
                       are told by their environment (default: below the agent's own cgroup, where it may write there)
  --end-kept           when the agent is ended by a signal, end the procs too that were to outlive it
  --end-left           end all procs that an agent before has left in the data directory, and exit
  --metrics-token-file <file>
                       holds the token of 16 bytes or more that /metrics needs (default: HOSTMESH_METRICS_TOKEN_FILE)
  --metrics open       tells /metrics to everybody who can connect (default: HOSTMESH_METRICS; without either, to nobody)
  --config <file>      YAML file with config keys, the File layer
  --key-file <file>    holds the key that clients have to prove that they have (default: HOSTMESH_AGENT_KEY_FILE); needed unless
                       the address is tls: or the path of a unix: socket in a directory of your own with mode 0700
  --tls-cert <file>    certificate, for tls: (default: HYPERACTOR_TLS_CERT)
  --tls-key <file>     its private key (default: HYPERACTOR_TLS_KEY)
  --tls-ca <file>      authority of the certificates that clients must show (default: HYPERACTOR_TLS_CA)
  --help, --version

HOSTMESH_ALLOW_PROGRAMS, HOSTMESH_ALLOW_ENV, HOSTMESH_ALLOW_CWD, HOSTMESH_RUN_AS: what --allow, --allow-env, --allow-cwd and
--run-as say, by commas
HOSTMESH_DEV_CLOCK: for tests: a file with the milliseconds that the host's clock is to be wrong by
HOSTMESH_AGENT_KEY: the key itself, of 16 bytes or more; it is moved into a file of the data directory
`;

/** What the agent was started with, checked. Paths are as they were given. */
export interface AgentOptions {
  readonly listen: ChannelAddress;
  readonly dataDir: string;
  readonly configFile: string | undefined;
  /** Where the key is that clients have to prove. */
  readonly key: AgentKeySource;
  /** Who is told the metrics. */
  readonly metrics: MetricsSettings;
  /** What procs may run, and with what. */
  readonly allow: AllowRules;
  /** Users that procs may run as, each with a group or without, the first by default; none: whoever runs the agent. */
  readonly runAs: readonly string[];
  /** The directory for cgroups of procs, or `none`; undefined: wherever they can be made. */
  readonly cgroup: string | undefined;
  readonly endKept: boolean;
  /** Only ends what an earlier agent has left, and serves nobody. */
  readonly endLeft: boolean;
  readonly tlsFiles: { readonly [name in 'cert' | 'key' | 'ca']: string | undefined };
}

/** What was asked for on the command line. */
export type Invocation =
  | { readonly kind: 'run'; readonly options: AgentOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** The command line or the environment cannot be used; the message says how to fix it. */
export type OptionsFault = Fault<'bad_usage'>;
const bad = (message: string) => fail<OptionsFault>({ code: 'bad_usage', message });

/** Reads command line and environment. Refuses to listen where others can connect without proving who they are. */
export function parseInvocation(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<Invocation, OptionsFault> {
  const parsed = parseFlags(args);
  if (!parsed.ok) return parsed;
  const flags = parsed.value;
  if (flags.help) return ok({ kind: 'help' });
  if (flags.version) return ok({ kind: 'version' });

  const address = parseAddress(flags.listen);
  if (!address.ok) return bad(`--listen ${flags.listen}: ${address.fault.message}`);
  const listen = address.value;
  const key: AgentKeySource = {
    file: flags['key-file'] ?? (env.HOSTMESH_AGENT_KEY_FILE || undefined),
    text: env.HOSTMESH_AGENT_KEY || undefined,
  };
  const isKeyless = key.file === undefined && key.text === undefined;
  const parsedKey = key.text === undefined ? null : AgentKey.parse(key.text);
  if (parsedKey?.ok === false) return bad(`HOSTMESH_AGENT_KEY: ${parsedKey.fault.message}`);
  const tlsFiles = { cert: flags['tls-cert'], key: flags['tls-key'], ca: flags['tls-ca'] };
  if (listen.kind !== 'tls' && Object.values(tlsFiles).some((file) => file !== undefined)) {
    return bad('--tls-cert, --tls-key and --tls-ca need an address of the kind --listen tls:host:port');
  }
  if (needsKey(listen) && isKeyless) {
    return bad(
      `refusing to listen on ${flags.listen} without a key: every user who can connect could run programs here; ` +
        'give --key-file or HOSTMESH_AGENT_KEY_FILE the file of a shared key, or listen on tls: with client ' +
        'certificates, or on the path of a unix: socket in a directory of your own with mode 0700',
    );
  }
  const runAs = listed(flags['run-as'], env.HOSTMESH_RUN_AS) ?? [];
  const bound = listen.kind === 'alias' ? listen.bind : listen;
  if (isKeyless && runAs.length > 0 && bound.kind === 'unix' && isIn(flags['data-dir'], bound.path)) {
    return bad(
      `refusing to listen on ${flags.listen} without a key: procs of other users (--run-as) get through the data directory ` +
        'to where they work; give a key, or listen on a socket in another directory of your own with mode 0700',
    );
  }
  const allow = readRules(flags, env, listen);
  if (!allow.ok) return allow;
  if (flags.cgroup !== undefined && flags.cgroup !== 'none' && !isAbsolute(flags.cgroup)) {
    return bad(`--cgroup ${flags.cgroup}: give an absolute path, or none`);
  }
  const { 'data-dir': dataDir, config: configFile, cgroup, 'end-kept': endKept, 'end-left': endLeft } = flags;
  return ok({
    kind: 'run',
    options: {
      listen,
      dataDir,
      configFile,
      key,
      metrics: metricsOf(flags, env),
      allow: allow.value,
      runAs,
      cgroup,
      endKept,
      endLeft,
      tlsFiles,
    },
  });
}

const isIn = (dir: string, path: string): boolean => resolve(dirname(path)) === resolve(dir);

/** A flag says more than the environment does: that of the other kind goes with it. */
function metricsOf(
  { metrics, 'metrics-token-file': file }: ReturnType<typeof flagsOf>,
  env: Readonly<Record<string, string | undefined>>,
): MetricsSettings {
  if (metrics !== undefined || file !== undefined) return { access: metrics, tokenFile: file };
  return {
    access: env.HOSTMESH_METRICS || undefined,
    tokenFile: env.HOSTMESH_METRICS_TOKEN_FILE || undefined,
  };
}

/** Where clients of other machines can connect, no program may run until the operator allows it. */
function readRules(
  flags: ReturnType<typeof flagsOf>,
  fromEnv: Readonly<Record<string, string | undefined>>,
  listen: ChannelAddress,
): Result<AllowRules, OptionsFault> {
  const given = (flag: 'allow' | 'allow-env' | 'allow-cwd', variable: string) =>
    listed(flags[flag], fromEnv[variable]);
  const programs = given('allow', 'HOSTMESH_ALLOW_PROGRAMS') ?? (isLoopback(listen) ? ['*'] : []);
  const env = given('allow-env', 'HOSTMESH_ALLOW_ENV') ?? [];
  const cwd = given('allow-cwd', 'HOSTMESH_ALLOW_CWD') ?? [];
  const unclear = programs.find((entry) => entry !== '*' && entry.includes('/') && !isAbsolute(entry));
  if (unclear !== undefined) return bad(`--allow ${unclear}: give a name, an absolute path, or *`);
  const unnamed = env.find((entry) => /[=\s]/.test(entry));
  if (unnamed !== undefined)
    return bad(`--allow-env ${unnamed}: give the name of a variable, without value, such as TRAIN_*`);
  const relative = cwd.find((entry) => entry !== '*' && !isAbsolute(entry));
  if (relative !== undefined) return bad(`--allow-cwd ${relative}: give an absolute path, or *`);
  if (allowsAll(programs) && env.length + cwd.length > 0) {
    return bad(
      '--allow-env and --allow-cwd keep nobody from anything while every program may run: say with --allow which may',
    );
  }
  return ok({ programs, env, cwd });
}

const listed = (flags: readonly string[] | undefined, fromEnv: string | undefined) =>
  (flags ?? fromEnv?.split(',').map((entry) => entry.trim()))?.filter((entry) => entry !== '');

const flagOptions = {
  listen: { type: 'string', default: 'tcp:127.0.0.1:26600' },
  'data-dir': { type: 'string', default: '.hostmesh/agent' },
  allow: { type: 'string', multiple: true },
  'allow-env': { type: 'string', multiple: true },
  'allow-cwd': { type: 'string', multiple: true },
  'run-as': { type: 'string', multiple: true },
  cgroup: { type: 'string' },
  'end-kept': { type: 'boolean', default: false },
  'end-left': { type: 'boolean', default: false },
  config: { type: 'string' },
  'key-file': { type: 'string' },
  metrics: { type: 'string' },
  'metrics-token-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-ca': { type: 'string' },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const;

const flagsOf = (args: readonly string[]) => parseArgs({ args: [...args], options: flagOptions }).values;

function parseFlags(args: readonly string[]): Result<ReturnType<typeof flagsOf>, OptionsFault> {
  try {
    return ok(flagsOf(args));
  } catch (error) {
    // parseArgs has no other way to say that an option is unknown or lacks its value.
    return bad(error instanceof Error ? error.message : String(error));
  }
}
