// The dashboard as a process: one door for pages, which Next serves, and for the API, to which requests are handed on.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiUrlOf, parseAllowedHosts } from '@hostmesh/core';
import { guardServer, LISTEN_BACKLOG, livePart } from '@hostmesh/part';
import next from 'next';
import { openDoor } from './open-door.ts';

/** Pages and streams that somebody reads are cut off after so long. */
const EXIT_WITHIN_MS = 5000;
/** How often it is looked who takes too long to send a request. */
const LOOK_AT_CONNECTIONS_MS = 5000;

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '3000' },
    dev: { type: 'boolean', default: false },
  },
});
const life = livePart({
  heard: (event) => event.kind === 'bug' && console.error('a bug, and the dashboard ends:', event.error),
  exitWithinMs: EXIT_WITHIN_MS,
});
const { HOSTMESH_PROXY_KEY_FILE: keyFile, HOSTMESH_ALLOWED_HOSTS: names = '' } = process.env;
// The API does not start with a setting that cannot be read, and we then add no name.
const allowedHosts = parseAllowedHosts(names);
const port = Number(values.port);
const pages = next({ dev: values.dev, dir: join(import.meta.dirname, '..'), hostname: values.host, port });
await pages.prepare();
const showPage = pages.getRequestHandler();
const server = createServer({ connectionsCheckingInterval: LOOK_AT_CONNECTIONS_MS });
guardServer(server);
openDoor(server, {
  apiUrl: new URL(apiUrlOf(process.env)),
  proxyKey: keyFile ? readFileSync(keyFile, 'utf8').trim() : null,
  allowedHosts: allowedHosts.ok ? allowedHosts.value : [],
  showPage: (request, response) => void showPage(request, response),
});
// Pages that are worked on are told of it over a WebSocket.
const upgrade = pages.getUpgradeHandler();
if (values.dev) server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
server.listen({ port, host: values.host, backlog: LISTEN_BACKLOG });
life.stop.addEventListener('abort', () => {
  server.close(() => process.exit(life.exitCode));
  server.closeAllConnections();
});
