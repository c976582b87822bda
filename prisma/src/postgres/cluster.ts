import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fail, ok, type Result } from '@hostmesh/core';
import type { PostgresFault } from './binaries.ts';
import { startProgram, type PostgresAccount } from './postgres-account.ts';

/** Name of the one role of the embedded server. */
export const ROLE = 'hostmesh';

/** Where the parts of an embedded server are kept, all below its data directory. */
export interface Layout {
  dataDir: string;
  /** What Postgres calls its data directory. */
  cluster: string;
  password: string;
  log: string;
  /** Process id of the Hostmesh that runs the server. */
  owner: string;
}

export const layoutOf = (dataDir: string): Layout => ({
  dataDir,
  cluster: join(dataDir, 'cluster'),
  password: join(dataDir, 'password'),
  log: join(dataDir, 'postgres.log'),
  owner: join(dataDir, 'owner.pid'),
});

/**
 * Makes the database files when there are none, and answers the role's password. The files get their name once
 * they are complete, so that a start which was interrupted is simply made again.
 */
export async function ensureCluster(
  layout: Layout,
  account: PostgresAccount,
  initdb: string,
): Promise<Result<string, PostgresFault>> {
  if (await stat(join(layout.cluster, 'PG_VERSION')).catch(() => undefined)) {
    const kept = await readFile(layout.password, 'utf8').catch(() => undefined);
    return kept === undefined
      ? clusterFailed(`${layout.password} of the existing ones is missing`)
      : ok(kept);
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(layout.password, password, { mode: 0o600 });
  const unfinished = `${layout.cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (account.owner !== undefined) {
    const { uid, gid } = account.owner;
    await Promise.all([unfinished, layout.password].map((path) => chown(path, uid, gid)));
  }
  const made = await runInitdb(unfinished, layout.password, account, initdb);
  if (!made.ok) return made;
  await rename(unfinished, layout.cluster);
  return ok(password);
}

async function runInitdb(
  pgdata: string,
  passwordFile: string,
  account: PostgresAccount,
  initdb: string,
): Promise<Result<void, PostgresFault>> {
  const args = [
    `--pgdata=${pgdata}`,
    `--username=${ROLE}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same on every machine, whatever locales it has.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-locale',
    // Syncing the template files costs seconds on slow disks, and there is nothing yet to lose.
    '--no-sync',
    '--no-instructions',
  ];
  const child = startProgram(account, initdb, args, ['ignore', 'ignore', 'pipe']);
  const ended = once(child, 'close');
  try {
    const [said] = await Promise.all([child.stderr === null ? '' : text(child.stderr), ended]);
    return child.exitCode === 0 ? ok(undefined) : clusterFailed(said.trim());
  } catch (cause) {
    return clusterFailed(String(cause));
  }
}

const clusterFailed = (said: string): Result<never, PostgresFault> =>
  fail({
    code: 'postgres_failed',
    message: `The database files cannot be used: ${said || 'initdb ended without a word'}`,
  });
