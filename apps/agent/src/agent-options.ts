import { isAbsolute } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, ok, parseAddress, type ChannelAddress, type Fault, type Result } from '@hostmesh/core';
import { AgentKey, isLoopback, needsKey, type AgentKeySource } from '@hostmesh/protocol';
import type { AllowList } from './launch/allow-list.ts';

export const usage = `Usage: hostmesh-agent [options]

  --listen <address>   where to listen: tcp:127.0.0.1:26600 (default), tls:host:port, unix:/path; port 0: any free
  --data-dir <path>    where the host id, and procs with their output, are kept (default: .hostmesh/agent)
  --allow <program>    a program that procs may run: a name, an absolute path, or * for all; repeatable (default:
                       HOSTMESH_ALLOW_PROGRAMS, else * where only this machine can connect, and none elsewhere)
  --cgroup <dir>       where procs get cgroups (version 2) of their own, to be counted and ended as a whole; none: nowhere, they
                       are told by their environment (default: below the agent's own cgroup, where it may write there)
  --end-kept           when the agent is ended by a signal, end the procs too that were to outlive it
  --end-left           end all procs that an agent before has left in the data directory, and exit
  --config <file>      YAML file with config keys, the File layer
  --key-file <file>    holds the key that clients have to prove that they have (default: HOSTMESH_AGENT_KEY_FILE); needed unless
                       the address is tls: or the path of a unix: socket
  --tls-cert <file>    certificate, for tls: (default: HYPERACTOR_TLS_CERT)
  --tls-key <file>     its private key (default: HYPERACTOR_TLS_KEY)
  --tls-ca <file>      authority of the certificates that clients must show (default: HYPERACTOR_TLS_CA)
  --help, --version

HOSTMESH_ALLOW_PROGRAMS: what --allow says, separated by commas
HOSTMESH_DEV_CLOCK: for tests: a file with the milliseconds that the host's clock is to be wrong by
HOSTMESH_AGENT_KEY: the key itself, of 16 bytes or more; a file is safer, since procs can read the environment of an agent
`;

/** What the agent was started with, checked. Paths are as they were given. */
export interface AgentOptions {
  readonly listen: ChannelAddress;
  readonly dataDir: string;
  readonly configFile: string | undefined;
  /** Where the key is that clients have to prove. */
  readonly key: AgentKeySource;
  /** Programs that procs may run. */
  readonly allow: AllowList;
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
  const parsedKey = key.text === undefined ? null : AgentKey.parse(key.text);
  if (parsedKey?.ok === false) return bad(`HOSTMESH_AGENT_KEY: ${parsedKey.fault.message}`);
  const tlsFiles = { cert: flags['tls-cert'], key: flags['tls-key'], ca: flags['tls-ca'] };
  if (listen.kind !== 'tls' && Object.values(tlsFiles).some((file) => file !== undefined)) {
    return bad('--tls-cert, --tls-key and --tls-ca need an address of the kind --listen tls:host:port');
  }
  if (needsKey(listen) && key.file === undefined && key.text === undefined) {
    return bad(
      `refusing to listen on ${flags.listen} without a key: every user who can connect could run programs here; ` +
        'give --key-file or HOSTMESH_AGENT_KEY_FILE the file of a shared key, or listen on tls: with client ' +
        'certificates, or on the path of a unix: socket',
    );
  }
  const allow = allowed(flags.allow, env.HOSTMESH_ALLOW_PROGRAMS, listen);
  if (flags.cgroup !== undefined && flags.cgroup !== 'none' && !isAbsolute(flags.cgroup)) {
    return bad(`--cgroup ${flags.cgroup}: give an absolute path, or none`);
  }
  const unclear = allow.find((entry) => entry !== '*' && entry.includes('/') && !isAbsolute(entry));
  if (unclear !== undefined) return bad(`--allow ${unclear}: give a name, an absolute path, or *`);
  const { 'data-dir': dataDir, config: configFile, cgroup, 'end-kept': endKept, 'end-left': endLeft } = flags;
  return ok({
    kind: 'run',
    options: { listen, dataDir, configFile, key, allow, cgroup, endKept, endLeft, tlsFiles },
  });
}

/** Where clients of other machines can connect, no program may run until the operator allows it. */
function allowed(
  flags: readonly string[] | undefined,
  fromEnv: string | undefined,
  listen: ChannelAddress,
): AllowList {
  const given = flags ?? fromEnv?.split(',').map((entry) => entry.trim());
  return given?.filter((entry) => entry !== '') ?? (isLoopback(listen) ? ['*'] : []);
}

const flagOptions = {
  listen: { type: 'string', default: 'tcp:127.0.0.1:26600' },
  'data-dir': { type: 'string', default: '.hostmesh/agent' },
  allow: { type: 'string', multiple: true },
  cgroup: { type: 'string' },
  'end-kept': { type: 'boolean', default: false },
  'end-left': { type: 'boolean', default: false },
  config: { type: 'string' },
  'key-file': { type: 'string' },
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
