import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { findProgram } from './find-program.ts';

/** A user that procs run as, with a group. */
export interface Account {
  /** As the agent was started with it, and as commands name it. */
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** What to put before a command so that it runs as this user; null where that is who the agent is. */
  readonly become: readonly string[] | null;
  /** What of the environment tells who somebody is. */
  readonly env: Readonly<Record<string, string>>;
}

/** Why a command may not run as whoever it names, or as nobody in particular. */
export type RunAsFault = Fault<'run_as_refused'>;

/**
 * Whom a command runs as: one of those that the agent was started with, by that very name, the first when it names none. There
 * is none where an agent is root and was not told.
 */
export function accountFor(accounts: readonly Account[], asked: string | null): Result<Account, RunAsFault> {
  const refuse = (message: string) =>
    fail<RunAsFault>({ code: 'run_as_refused', message: message.slice(0, 2000) });
  const [first] = accounts;
  if (first === undefined) {
    return refuse(
      'the agent of this host runs as root, and starts nothing as root unless it was told to: start it with ' +
        '--run-as USER, or with --run-as root',
    );
  }
  const found = asked === null ? first : accounts.find(({ name }) => name === asked);
  if (found !== undefined) return ok(found);
  const has = accounts.map(({ name }) => name).join(', ');
  return refuse(`this host runs nothing as '${asked}', only as ${has} (--run-as)`);
}

const PROBE_MS = 5_000;
const run = promisify(execFile);

/** Who this process is; 0 where the system has no such numbers. */
const own = () => ({ uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 });
const isRoot = (): boolean => process.geteuid?.() === 0;

/**
 * The users of `--run-as USER[:GROUP]`, each tried once; whoever the agent is where none is given, and nobody when that is
 * root. A fault says what is wrong with which.
 */
export async function findAccounts(
  given: readonly string[],
  path: string,
): Promise<Result<readonly Account[], Fault<'bad_usage'>>> {
  if (given.length === 0) return ok(isRoot() ? [] : [ownAccount()]);
  const accounts: Account[] = [];
  for (const name of new Set(given)) {
    const found = await findAccount(name, path);
    if (!found.ok) return fail({ code: 'bad_usage', message: `--run-as ${name}: ${found.fault.message}` });
    accounts.push(found.value);
  }
  return ok(accounts);
}

function ownAccount(): Account {
  return { name: ownName(), ...own(), become: null, env: {} };
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    // The number has no name here.
    return String(own().uid);
  }
}

async function findAccount(name: string, path: string): Promise<Result<Account, Fault>> {
  const wrong = (message: string) => fail({ code: 'no_account', message });
  const [, user = '', group] = /^([^:]+)(?::([^:]+))?$/.exec(name) ?? [];
  if (user === '') return wrong('give a user, or a user and a group as in nobody:nogroup');
  const entry = await entryOf('passwd', user, path);
  const [login, , uid = user, userGid, , home, shell] = entry ?? [];
  if (entry === null && !/^\d+$/.test(user)) return wrong(`this host has no user ${user}`);
  const groupEntry = group === undefined ? null : await entryOf('group', group, path);
  const isOwn = Number(uid) === own().uid && group === undefined;
  if (isOwn) return ok({ ...ownAccount(), name });
  const gid = group === undefined ? userGid : (groupEntry?.[2] ?? (/^\d+$/.test(group) ? group : null));
  if (gid === null) return wrong(`this host has no group ${group}`);
  if (gid === undefined)
    return wrong(`user ${user} is only a number here: name a group, too, as in ${user}:${user}`);
  const ids = { uid: Number(uid), gid: Number(gid) };
  const who = login === undefined ? { HOME: '/' } : { HOME: home || '/', USER: login, LOGNAME: login };
  const env = { ...who, SHELL: shell || '/bin/sh' };
  const become = await findBecome(ids, login !== undefined, path);
  return become.ok ? ok({ name, ...ids, become: become.value, env }) : become;
}

/** How to become that user: with its groups, and without what capabilities this process has. */
async function findBecome(
  { uid, gid }: { readonly uid: number; readonly gid: number },
  isKnown: boolean,
  path: string,
): Promise<Result<readonly string[], Fault>> {
  const setpriv = findProgram('setpriv', { path, pathOf: "the agent's", cwd: null });
  if (!setpriv.ok)
    return fail({ code: 'no_setpriv', message: 'setpriv (of util-linux) is needed, and not here' });
  const groups = isKnown ? '--init-groups' : '--clear-groups';
  const become = [setpriv.value, `--reuid=${uid}`, `--regid=${gid}`, groups, '--inh-caps=-all'];
  const [file = '', ...args] = become;
  try {
    await run(file, [...args, '--', '/bin/sh', '-c', ':'], { timeout: PROBE_MS, env: {}, cwd: '/' });
    return ok(become);
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    const message = `the agent cannot become that user${isRoot() ? '' : ', not being root'}: ${said}`;
    return fail({ code: 'cannot_become', message: message.slice(0, 2000), cause });
  }
}

/** What the system knows of a user or group, by name or number: from wherever it is kept, else from the file in /etc. */
async function entryOf(database: 'passwd' | 'group', key: string, path: string): Promise<string[] | null> {
  try {
    const { stdout } = await run('getent', [database, '--', key], { timeout: PROBE_MS, env: { PATH: path } });
    return stdout.split('\n')[0]?.split(':') ?? null;
  } catch {
    const text = await readFile(`/etc/${database}`, 'utf8').catch(() => '');
    const entries = text.split('\n').map((line) => line.split(':'));
    return entries.find(([name, , id]) => name === key || id === key) ?? null;
  }
}

/** Whom procs run as, as clients are told. */
export const toldOfAccounts = (accounts: readonly Account[]) => ({
  users: accounts.map(({ name }) => name.slice(0, 200)).slice(0, 100),
  sharesAgent: accounts.some(({ uid }) => uid === own().uid),
});

/** Whether that user may enter a directory, as the kernel sees it. */
export async function canEnter({ become }: Account, dir: string): Promise<boolean> {
  if (become === null) return true;
  const [file = '', ...args] = become;
  const command = ['--', '/bin/sh', '-c', 'cd -- "$1"', 'sh', dir];
  return run(file, [...args, ...command], { timeout: PROBE_MS, env: {}, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
