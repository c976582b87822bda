import { spawn, type ChildProcess, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';

/** Who the server runs as: its files' owner, and what to put before its command line to become that user. */
export interface PostgresAccount {
  /** Undefined when the server simply runs as we do. */
  owner: { uid: number; gid: number } | undefined;
  prefix: readonly string[];
  spawnAs: Pick<SpawnOptions, 'uid' | 'gid'>;
}

const ourselves: PostgresAccount = { owner: undefined, prefix: [], spawnAs: {} };

/**
 * Picks the account. Postgres refuses to run as root, so as root it runs as the cluster's owner, or else as
 * `postgres` or `nobody`. That user often cannot enter the directories above the project (root's home, a
 * directory made by mktemp), neither for the programs nor for the data: it keeps the one capability that lets
 * it pass, and none of root's others.
 */
export async function pickAccount(clusterDir: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return ourselves;
  const owner = (await clusterOwner(clusterDir)) ?? (await systemUser(['postgres', 'nobody']));
  const setpriv = await findSetpriv();
  if (setpriv === undefined) return { owner, prefix: [], spawnAs: owner };
  return {
    owner,
    prefix: [
      setpriv,
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      '--clear-groups',
      ...(await passArgs()),
      '--',
    ],
    spawnAs: {},
  };
}

async function clusterOwner(clusterDir: string): Promise<PostgresAccount['owner']> {
  const { uid, gid } = await stat(clusterDir).catch(() => ({ uid: 0, gid: 0 }));
  return uid === 0 ? undefined : { uid, gid };
}

/** initdb wants a user that the system knows by name. */
async function systemUser(names: readonly string[]): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of names) {
    const [, , uid, gid] = lines.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

async function findSetpriv(): Promise<string | undefined> {
  for (const path of ['/usr/bin/setpriv', '/bin/setpriv']) {
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

/** Bits of Linux capabilities. */
const capabilities = { dac_override: 1n, dac_read_search: 2n, setpcap: 8n };

/**
 * Keeps the weakest capability we have that passes through any directory; containers often lack the weaker one.
 * `no_setuid_fixup` is for access(2), by which Postgres looks for its own programs: without that bit the kernel
 * answers it as if the user had no capabilities.
 */
async function passArgs(): Promise<string[]> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const holds = (name: keyof typeof capabilities) => ((held >> capabilities[name]) & 1n) === 1n;
  const pass = (['dac_read_search', 'dac_override'] as const).find(holds);
  if (pass === undefined || !holds('setpcap')) return [];
  return ['--securebits=+no_setuid_fixup', `--inh-caps=+${pass}`, `--ambient-caps=+${pass}`];
}

/**
 * Starts one of the server's programs under the account. It gets a session of its own: Ctrl-C in a terminal
 * then stops Hostmesh, which stops the server when it has written what it has to write.
 */
export function startProgram(
  account: PostgresAccount,
  program: string,
  args: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  const [command, ...rest] = [...account.prefix, program, ...args];
  return spawn(command ?? program, rest, {
    ...account.spawnAs,
    cwd: '/',
    detached: true,
    stdio,
    // Nothing of ours is its business: PGDATA or PGPORT in our environment would even mislead it.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}
