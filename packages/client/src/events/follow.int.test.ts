import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiEvent, LogEvent } from '@hostmesh/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createClient, followEvents, followLogs } from '../index.ts';
import type { ConnectionState } from './follow.ts';

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
  const states: ConnectionState['kind'][] = [];
  const stop = new AbortController();
  const following = followEvents(client, {
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state.kind),
  });
  await vi.waitFor(() => expect(events).toHaveLength(2), 30_000);
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
  await vi.waitFor(() => expect(connections).toBeGreaterThan(1), 30_000);
  stop.abort();
  await following;
});

const entries = (...seqs: number[]) => {
  const at = '2026-01-01T00:00:00.000Z';
  const list = seqs.map((seq) => ({ seq, stream: 'stdout', at, text: `line ${seq}`, partial: false }));
  return `id: ${seqs.at(-1)}\ndata: ${JSON.stringify({ type: 'entries', entries: list, open: [] })}\n\n`;
};

test('output is followed over breaks from the last entry on, until it has ended', async () => {
  const asked: (string | undefined)[][] = [];
  const client = await serveStream((request, answer) => {
    // One value, as HTTP has it for this header.
    asked.push([request.url, request.headers['last-event-id'] as string | undefined]);
    if (asked.length === 1) answer.end(entries(6, 7));
    else answer.write(`${entries(8)}id: 8\ndata: {"type":"ended"}\n\n`);
  });
  const events: LogEvent[] = [];
  const result = await followLogs(client, 'proc_1', {
    tail: 2,
    stream: 'stdout',
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
  });
  expect(result.ok).toBe(true);
  expect(asked).toEqual([
    ['/api/v1/procs/proc_1/logs?tail=2&stream=stdout', undefined],
    ['/api/v1/procs/proc_1/logs?after=7&stream=stdout', '7'],
  ]);
  const seqs = events.map((event) =>
    event.type === 'entries' ? event.entries.map(({ seq }) => seq) : event.type,
  );
  expect(seqs).toEqual([[6, 7], [8], 'ended']);
});

test('output that the API refuses is not asked for again', async () => {
  let asked = 0;
  const server = createServer((_request, answer) => {
    asked += 1;
    answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A listening TCP server has an address object.
  const client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const signal = new AbortController().signal;
  expect(await followLogs(client, 'proc_1', { signal, onEvent: () => {} })).toMatchObject({
    ok: false,
    fault: { status: 404 },
  });
  expect(asked).toBe(1);
});
