// The embedded server as a process of its own: `node prisma/src/postgres/main.ts --data-dir DIR [--port N]`.
// Tells its URL to the process that started it, and ends the server on SIGTERM or SIGINT, or when that process is
// gone.
import { parseArgs } from 'node:util';
import { startPostgres } from './start-postgres.ts';

/** Exit code for what a restart cannot mend. */
const MISCONFIGURED = 2;

const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, port: { type: 'string' } } });
const dataDir = values['data-dir'];
if (dataDir === undefined) {
  console.error('--data-dir is needed: where the database files are kept');
  process.exit(MISCONFIGURED);
}

const started = await startPostgres({
  dataDir,
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});
if (!started.ok) {
  console.error(started.fault.message);
  process.exit(1);
}
const server = started.value;
let asked = false;
for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) {
  process.once(event, () => {
    asked = true;
    void server.stop();
  });
}
process.send?.({ url: server.url });
await server.exited;
if (!asked) console.error('the server ended by itself: see postgres.log in the data directory');
process.exit(asked ? 0 : 1);
