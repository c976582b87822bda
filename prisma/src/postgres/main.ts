// The embedded server as a process of its own: `node prisma/src/postgres/main.ts --data-dir DIR [--port N]`.
// Tells its URL to the process that started it, and ends the server on a signal, or when that process is gone.
import { parseArgs } from 'node:util';
import { livePart, tryDisk, type LifeEvent } from '@hostmesh/part';
import { startPostgres } from './start-postgres.ts';

/** Postgres gets 10 s for a fast end, and then an immediate one. */
const EXIT_WITHIN_MS = 14_000;
/** The server goes on only with room for this: a file of its log. */
const LOG_FILE_BYTES = 16 * 1024 * 1024;
/** Exit code for what a restart cannot mend. */
const MISCONFIGURED = 2;

const life = livePart({ heard, exitWithinMs: EXIT_WITHIN_MS });
const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, port: { type: 'string' } } });
const dataDir = values['data-dir'];
if (dataDir === undefined) {
  console.error('--data-dir is needed: where the database files are kept');
  process.exit(MISCONFIGURED);
}

const started = await startPostgres({
  dataDir,
  say: (sentence) => console.error(sentence),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
if (!started.ok) {
  await complain(started.fault.message, dataDir);
  process.exit(1);
}
const server = started.value;
const deserted = new AbortController();
process.once('disconnect', () => deserted.abort());
const asked = AbortSignal.any([life.stop, deserted.signal]);
if (asked.aborted) void server.stop();
else asked.addEventListener('abort', () => void server.stop());
// Whoever started us may be gone already; the channel then says so.
process.send?.({ url: server.url }, () => undefined);
await server.exited;
if (!asked.aborted) await complain(`the server ended by itself. ${server.lastWords()}`, dataDir);
process.exit(asked.aborted ? life.exitCode : 1);

/** Says it to whoever started us, who tells people the last line: the disk, where that is the cause. */
async function complain(what: string, dir: string): Promise<void> {
  const disk = await tryDisk(dir, LOG_FILE_BYTES);
  console.error(disk === null ? what : `${what}\n${disk.message}`);
}

function heard(event: LifeEvent): void {
  if (event.kind === 'bug') console.error('a bug, and the server is ended:', event.error);
  else console.error(event.kind === 'reload' ? 'SIGHUP' : `${event.kind}: ${event.signal}`);
}
