// Runs an embedded server on the directory of its argument until it is killed: for tests of what happens then.
import { startPostgres } from '../postgres/start-postgres.ts';

const server = await startPostgres({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify(server.ok ? server.value.url : server.fault)}\n`);
