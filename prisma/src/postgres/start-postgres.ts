import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, type Result } from '@hostmesh/core';
import { LogFile } from '@hostmesh/part';
import { findBinaries, type PostgresFault } from './binaries.ts';
import { ensureCluster, layoutOf, ROLE, type Layout } from './cluster.ts';
import { clearLeftover } from './leftover.ts';
import { pickAccount, startProgram, type PostgresAccount } from './postgres-account.ts';

/** Where and how an embedded server runs. */
export interface PostgresOptions {
  /** Made when it is missing. Holds database files, password and log; nobody but us can read them. */
  dataDir: string;
  /** A free port when absent. */
  port?: number;
  /** How long starting may take; recovery after a crash is part of it. Default 60 s. */
  startTimeoutMs?: number;
  /** Told in a sentence that the log cannot be written, and that it can again. */
  say?: (sentence: string) => void;
  /** Server settings beyond our own, as in `{ fsync: 'off' }`. */
  settings?: Readonly<Record<string, string>>;
}

/** A running server. Whoever started it stops it; if that fails because we were killed, it ends by itself. */
export interface PostgresServer {
  /** With the password. Reachable from this machine alone. */
  url: string;
  port: number;
  /** Settles when the server has ended, asked or not. */
  exited: Promise<void>;
  /** The last lines that it has said: why it ended, where its log cannot be written. */
  lastWords(): string;
  /** Waits until it has written everything and ended. Stopping twice is fine. */
  stop(): Promise<void>;
}

const POLL_MS = 10;
/** What is told of a server that did not start: the last of what it said. */
const SAID_CHARS = 4000;

/** The server's process; what it says goes to its log. */
interface Launched {
  readonly child: ChildProcess;
  /** The last of what it said. */
  readonly said: () => string;
  /** Settles when it has ended, and its log is written or cannot be. */
  readonly ended: Promise<void>;
}

/**
 * Starts a Postgres server from the binaries in node_modules: on loopback, with a password of its own, as
 * another user when we are root. Makes the database files on the first start.
 */
export async function startPostgres(
  options: PostgresOptions,
): Promise<Result<PostgresServer, PostgresFault>> {
  try {
    return await start(options);
  } catch (cause) {
    // A disk that is full or files of another user: the message of the system call says which and where.
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    return fail({
      code: 'postgres_failed',
      message: `The embedded Postgres cannot run: ${cause.message}`,
      cause,
    });
  }
}

async function start(options: PostgresOptions): Promise<Result<PostgresServer, PostgresFault>> {
  const binaries = await findBinaries();
  if (!binaries.ok) return binaries;
  const layout = layoutOf(resolve(options.dataDir));
  await mkdir(layout.dataDir, { recursive: true, mode: 0o700 });
  const account = await pickAccount(layout.cluster);
  const password = await ensureCluster(layout, account, binaries.value.initdb);
  if (!password.ok) return explain(password.fault, account);
  const cleared = await clearLeftover(layout);
  if (!cleared.ok) return cleared;
  await writeFile(layout.owner, String(process.pid));
  const port = options.port ?? (await findFreePort());
  const launched = launch(layout, account, binaries.value.postgres, port, options);
  const started = await waitUntilReady(launched, layout, options.startTimeoutMs ?? 60_000);
  if (started.ok) {
    return ok(serve(launched, `postgresql://${ROLE}:${password.value}@127.0.0.1:${port}/postgres`, port));
  }
  // Somebody took the port between our look and the server's.
  const again = options.port === undefined && started.fault.message.includes('could not bind');
  return again ? start(options) : explain(started.fault, account);
}

function explain(fault: PostgresFault, { owner }: PostgresAccount): Result<never, PostgresFault> {
  if (owner === undefined || !fault.message.includes('ermission denied')) return fail(fault);
  const hint = `Postgres refuses to run as root, so it runs as user ${owner.uid}, who may not enter the directories above the project or its data. Run Hostmesh as another user, or set DATABASE_URL.`;
  return fail({ ...fault, message: `${fault.message}\n${hint}` });
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  // A server that listens on a port has an address with one; the other forms are for pipes.
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function launch(
  layout: Layout,
  account: PostgresAccount,
  postgres: string,
  port: number,
  options: PostgresOptions,
): Launched {
  const all = {
    listen_addresses: '127.0.0.1',
    // Their paths have a length limit that a deep project directory exceeds.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = startProgram(
    account,
    postgres,
    ['-D', layout.cluster, '-p', String(port), ...args],
    ['ignore', 'pipe', 'pipe'],
  );
  const log = new LogFile(layout.log, { say: options.say ?? (() => undefined) });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-SAID_CHARS);
    void log.write(chunk);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  // Emitted also where the program could not be started.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { child, said: () => said, ended: ended.then(() => log.write('')) };
}

/** The server notes in its pid file when it takes connections, as pg_ctl waits for too. */
async function waitUntilReady(
  { child, said, ended }: Launched,
  layout: Layout,
  timeoutMs: number,
): Promise<Result<void, PostgresFault>> {
  let spawnError: unknown;
  child.once('error', (error) => (spawnError = error));
  const deadlineMs = performance.now() + timeoutMs;
  while (child.exitCode === null && child.signalCode === null && spawnError === undefined) {
    const note = (await readFile(join(layout.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (note[0] === String(child.pid) && note[7]?.trim() === 'ready') return ok(undefined);
    if (performance.now() > deadlineMs) {
      await stopChild(child);
      return startFailed(`it was not ready after ${timeoutMs} ms`);
    }
    await delay(POLL_MS);
  }
  if (spawnError !== undefined) return startFailed(String(spawnError));
  await ended;
  return startFailed(lastLines(said()));
}

const lastLines = (said: string): string => said.trim().split('\n').slice(-5).join('\n');

const startFailed = (why: string): Result<never, PostgresFault> =>
  fail({ code: 'postgres_failed', message: `The embedded Postgres did not start: ${why}` });

function serve({ child, said, ended }: Launched, url: string, port: number): PostgresServer {
  const callOff = watchOver(child.pid ?? 0);
  const exited = ended.then(callOff);
  return {
    url,
    port,
    exited,
    lastWords: () => lastLines(said()),
    stop: async () => {
      await stopChild(child);
      await exited;
    },
  };
}

async function waitForExit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/**
 * SIGINT is Postgres' fast shutdown: clients are cut off, everything is written. SIGQUIT, when that takes too
 * long, ends it at once, and the next start recovers from the log.
 */
async function stopChild(child: ChildProcess): Promise<void> {
  child.kill('SIGINT');
  const patience = setTimeout(() => child.kill('SIGQUIT'), 10_000);
  await waitForExit(child);
  clearTimeout(patience);
}

/**
 * Ends the server when we die without ending it, be it by SIGKILL: a shell waits on a pipe that only we hold,
 * and the kernel closes it whatever way we go. Answers what calls the watchdog off.
 */
function watchOver(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', String(pid)], {
    cwd: '/',
    // Out of reach of a signal to our process group, which is when it is needed.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return () => {
    watchdog.kill('SIGKILL');
    watchdog.stdin.destroy();
  };
}
