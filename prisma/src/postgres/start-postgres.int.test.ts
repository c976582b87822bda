import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { valueOf } from '../testing/fixture.ts';
import { readRows } from '../testing/test-server.ts';
import { layoutOf } from './cluster.ts';
import { keepPostgres } from './keep-postgres.ts';
import { startPostgres, type PostgresServer } from './start-postgres.ts';

// Nobody but us may enter it, which matters when we are root and the server must not be.
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-postgres-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function start(): Promise<PostgresServer> {
  const server = valueOf(await startPostgres({ dataDir }));
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown> {
  return (await readRows(url, sql))[0];
}

const noteFile = () => join(layoutOf(dataDir).cluster, 'postmaster.pid');

/** A process that has ended: its number belongs to nobody. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('what was written is there after a stop and a start', async () => {
  const first = await start();
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  await first.stop();
  expect(first.lastWords()).toMatch(/database system is shut down$/);
  const second = await start();
  expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual({ answer: 42 });
});

test('the server never runs as root', async () => {
  await start();
  expect((await stat(noteFile())).uid).not.toBe(0);
});

test('the server listens on loopback alone and wants the password', async () => {
  const { url, port } = await start();
  expect(await ask(url, 'SHOW listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' });
  await expect(ask(`postgresql://hostmesh:guess@127.0.0.1:${port}/postgres`, 'SELECT 1')).rejects.toThrow(
    'password authentication failed',
  );
  expect((await stat(layoutOf(dataDir).password)).mode & 0o077).toBe(0);
});

test('files that another live Hostmesh uses are refused, and its server is left alone', async () => {
  const server = await start();
  expect(await startPostgres({ dataDir })).toMatchObject({ ok: false, fault: { code: 'postgres_in_use' } });
  expect(await ask(server.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
});

test('a server whose Hostmesh is gone makes way for a new one', async () => {
  const leftover = await start();
  await writeFile(layoutOf(dataDir).owner, String(await deadPid()));
  const server = await start();
  await leftover.exited;
  expect(await ask(server.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
});

test('a server that was killed comes up again with its data', async () => {
  const killed = await start();
  await ask(killed.url, 'CREATE TABLE survives AS SELECT 1 AS one');
  process.kill(Number.parseInt(await readFile(noteFile(), 'utf8'), 10), 'SIGKILL');
  await killed.exited;
  const server = await start();
  expect(await ask(server.url, 'SELECT one FROM survives')).toEqual({ one: 1 });
});

test('a server that is kept comes back by itself at the same URL with its data, says so, and stays away once stopped', async () => {
  const said: string[] = [];
  const kept = valueOf(await keepPostgres({ dataDir, say: (sentence) => said.push(sentence) }));
  onTestFinished(() => kept.stop());
  await ask(kept.url, 'CREATE TABLE outlasts AS SELECT 1 AS one');
  process.kill(Number.parseInt(await readFile(noteFile(), 'utf8'), 10), 'SIGKILL');
  await vi.waitFor(() => expect(said.at(-1)).toBe('Postgres runs again'), 60_000);
  expect(said[0]).toMatch(/^Postgres ended by itself and is started again/);
  expect(await ask(kept.url, 'SELECT one FROM outlasts')).toEqual({ one: 1 });
  await kept.stop();
  await expect(ask(kept.url, 'SELECT 1')).rejects.toThrow();
});

test('a process id that another program has by now does not keep the server from starting', async () => {
  await (await start()).stop();
  await writeFile(noteFile(), `${process.pid}\n`);
  expect(await ask((await start()).url, 'SELECT 1 AS one')).toEqual({ one: 1 });
});

test('a data directory that cannot be made is reported with its path', async () => {
  const file = join(dataDir, 'a-file');
  await writeFile(file, '');
  const started = await startPostgres({ dataDir: join(file, 'below') });
  expect(started).toMatchObject({ ok: false, fault: { code: 'postgres_failed' } });
  expect(started.ok || started.fault.message).toMatch(file);
});

test('the server ends when its Hostmesh is killed', async () => {
  const program = fileURLToPath(new URL('../testing/postgres-owner.main.ts', import.meta.url));
  const owner = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  expect(await stat(noteFile())).toBeDefined();
  owner.kill('SIGKILL');
  // Only a server that has ended by itself leaves no note behind.
  await expect.poll(() => stat(noteFile()).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
});
