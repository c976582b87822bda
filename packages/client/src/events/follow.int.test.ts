import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiEvent } from '@hostmesh/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createClient, followEvents, type StreamState } from '../index.ts';

async function serveStream(onConnect: (request: IncomingMessage, answer: ServerResponse) => void) {
  const server = createServer((request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.flushHeaders();
    onConnect(request, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A listening TCP server has an address object.
  return createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const changed = (id: string, attemptId: string) =>
  `id: ${id}\ndata: ${JSON.stringify({ type: 'attempt.hosts_changed', attemptId, hosts: [] })}\n\n`;

test('after a break the stream goes on from the last event applied', async () => {
  const resumedFrom: (string | undefined)[] = [];
  const client = await serveStream((request, answer) => {
    // One value, as HTTP has it for this header.
    resumedFrom.push(request.headers['last-event-id'] as string | undefined);
    if (resumedFrom.length === 1) answer.end(changed('b-1', 'first'));
    else answer.write(changed('b-2', 'second'));
  });
  const events: ApiEvent[] = [];
  const states: StreamState['kind'][] = [];
  const stop = new AbortController();
  const following = followEvents(client, {
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state.kind),
  });
  await vi.waitFor(() => expect(events).toHaveLength(2), 5000);
  stop.abort();
  await following;
  expect(resumedFrom).toEqual([undefined, 'b-1']);
  expect(states).toEqual(['live', 'retrying', 'live']);
});

test('a silent connection is given up and opened again', async () => {
  let connections = 0;
  const client = await serveStream(() => {
    connections += 1;
  });
  const stop = new AbortController();
  const following = followEvents(client, { signal: stop.signal, onEvent: () => {}, silenceMs: 50 });
  await vi.waitFor(() => expect(connections).toBeGreaterThan(1), 5000);
  stop.abort();
  await following;
});
