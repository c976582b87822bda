import type { LogEvent } from '@hostmesh/contract';
import { describe, expect, test } from 'vitest';
import { startApiAgent, type ApiAgent } from '../testing/api-agent.ts';
import { eventually } from '../testing/patience.ts';
import { perFile } from '../testing/per-file.ts';
import { attachTo, borrowMesh, procsOf, shellCommand, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

const timing = { monitorMs: 200 };
const config = { PROCESS_EXIT_TIMEOUT: '300ms' };

const shared = perFile(async () => {
  const [agent, api] = await Promise.all([startApiAgent(), startTestApi({ timing })]);
  return { agent, api, url: await api.api.app.listen({ port: 0 }) };
});

/** One proc that runs the script, on the host that is shared where its agent need not end. */
async function procOf(api: TestApi, script: string, own?: ApiAgent) {
  const agent = own ?? shared().agent;
  const meshId = await (own ? attachTo : borrowMesh)(api, [agent.address], config);
  const { body } = await spawnOn(api, meshId, {
    command: shellCommand(script),
    readiness: { kind: 'alive', for: '10ms' },
  });
  const [proc] = await procsOf(api, body.id);
  if (proc === undefined) throw new Error('nothing was spawned');
  return { agent, meshId, procMeshId: body.id as string, id: proc.id };
}

/** Events of a stream, with their ids, until one of them satisfies or the stream ends. */
async function follow(
  api: TestApi,
  baseUrl: string,
  path: string,
  until: (event: LogEvent) => boolean,
  headers: object = {},
) {
  const ending = new AbortController();
  const answer = await fetch(`${baseUrl}/api/v1${path}`, {
    headers: { ...api.headers, accept: 'text/event-stream', ...headers },
    signal: ending.signal,
  });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const told: { id: string; event: LogEvent }[] = [];
  let rest = '';
  for await (const chunk of answer.body ?? []) {
    const frames = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      // Written from this very type.
      if (data !== undefined)
        told.push({ id: /^id: (\d+)$/m.exec(frame)?.[1] ?? '', event: JSON.parse(data) as LogEvent });
    }
    if (told.some(({ event }) => until(event))) break;
  }
  ending.abort();
  return told;
}
const textsOf = (told: readonly { event: LogEvent }[]) =>
  told.flatMap(({ event }) => (event.type === 'entries' ? event.entries.map(({ text }) => text) : []));

describe('output', () => {
  test('is read by page, by stream, from its end, and as a file', async () => {
    const { api } = shared();
    const { id } = await procOf(
      api,
      'for i in 1 2 3 4 5; do echo out $i; done; echo oops >&2; printf "no end"; exec sleep 60',
    );
    const logs = (query = '') => api.send('GET', `/procs/${id}/logs${query}`);
    await eventually(async () => (await logs()).body.entries.length).toBeGreaterThanOrEqual(6);
    expect((await logs('?after=0&limit=2')).body).toMatchObject({
      entries: [{ seq: 1, stream: 'stdout' }, { seq: 2 }],
      gaps: [],
      lastSeq: 2,
      ended: false,
      source: 'host',
    });
    expect((await logs('?stream=stderr')).body.entries).toMatchObject([{ text: 'oops' }]);
    expect((await logs('?tail=2')).body.entries).toHaveLength(2);
    expect((await logs('?tail=0')).body.entries).toEqual([]);
    const file = await api.send('GET', `/procs/${id}/logs?stream=stdout`, undefined, {
      accept: 'text/plain',
    });
    expect(file.headers['content-disposition']).toContain(`${id}.log`);
    expect(file.text).toMatch(/^out 1\nout 2\nout 3\nout 4\nout 5\n/);
    expect((await api.send('GET', '/procs/none/logs')).status).toBe(404);
    const wrong = await api.send('GET', `/procs/${id}/logs?colour=red`);
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'colour' }] } });
  });

  test('is followed as it comes, to its end, and again from where a client broke off', async () => {
    const { api, url } = shared();
    const { id } = await procOf(api, 'for i in 1 2 3 4 5 6; do echo line $i; sleep 0.1; done');
    const path = `/procs/${id}/logs?after=0`;
    const first = await follow(api, url, path, (event) => event.type === 'entries');
    const seen = textsOf(first);
    const again = await follow(api, url, path, () => false, { 'last-event-id': first.at(-1)?.id ?? '' });
    expect([...seen, ...textsOf(again)]).toEqual([1, 2, 3, 4, 5, 6].map((line) => `line ${line}`));
    expect(again.at(-1)?.event).toEqual({ type: 'ended' });
    const bad = await api.send('GET', `/procs/${id}/logs`, undefined, {
      accept: 'text/event-stream',
      'last-event-id': 'x',
    });
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'Last-Event-ID' }] } });
  });

  test('of a proc that has ended is there after its host agent is gone, complete', async () => {
    const { api, url } = shared();
    const { id, agent } = await procOf(api, 'sleep 0.6; echo last words; exit 3', await startApiAgent());
    const stored = () => api.db.procs.logs(id, { limit: 10 });
    await eventually(stored).toMatchObject({ entries: [{ text: 'last words' }], ended: true });
    agent.kill('SIGKILL');
    await agent.ended;
    expect((await api.send('GET', `/procs/${id}/logs`)).body).toMatchObject({
      entries: [{ seq: 1, text: 'last words' }],
      gaps: [],
      ended: true,
      source: 'stored',
    });
    const followed = await follow(api, url, `/procs/${id}/logs?after=0`, () => false);
    expect(followed.map(({ event }) => event.type)).toEqual(['entries', 'ended']);
  });

  test('of a host that falls silent is what was fetched, and what is missing is said', async () => {
    const { api, url } = shared();
    const { id, agent, meshId } = await procOf(
      api,
      'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.1; done',
      await startApiAgent(),
    );
    const logs = async () => (await api.send('GET', `/procs/${id}/logs?after=0`)).body;
    await eventually(async () => (await logs()).entries.length).toBeGreaterThan(3);
    agent.kill('SIGKILL');
    await agent.ended;
    const silent = await logs();
    expect(silent).toMatchObject({
      source: 'stored',
      ended: false,
      gaps: [{ afterSeq: silent.lastSeq, beforeSeq: null, reason: expect.any(String) }],
    });
    expect(silent.entries.length).toBeGreaterThan(3);
    const stalled = await follow(api, url, `/procs/${id}/logs?after=0`, (event) => event.type === 'stalled');
    expect(textsOf(stalled)).toEqual(silent.entries.map(({ text }: { text: string }) => text));
    // Nobody asks its host again.
    await api.send('POST', `/meshes/${meshId}/stop`, { timeout: '1s' });
    expect(await logs()).toMatchObject({ ended: true, gaps: [{ beforeSeq: null }] });
    const ended = await follow(api, url, `/procs/${id}/logs?after=0`, () => false);
    expect(ended.slice(-2).map(({ event }) => event.type)).toEqual(['gap', 'ended']);
  });

  test('that is much is kept to its last lines', async () => {
    const { api } = shared();
    const { id, agent } = await procOf(api, 'sleep 0.6; seq 1 60000', await startApiAgent());
    const stored = () => api.db.procs.logs(id, { tail: 3, limit: 10 });
    await eventually(async () => (await stored())?.entries.map(({ text }) => text)).toEqual([
      '59998',
      '59999',
      '60000',
    ]);
    agent.kill('SIGKILL');
    await agent.ended;
    const file = await api.send('GET', `/procs/${id}/logs?after=0`, undefined, { accept: 'text/plain' });
    expect(file.text).toMatch(/\[hostmesh: [\d,]+ lines could not be had: /);
    expect(file.text.trimEnd().endsWith('\n60000')).toBe(true);
  });

  test('streams end when the API stops', async () => {
    const api = await startTestApi({ timing });
    const url = await api.api.app.listen({ port: 0 });
    const { id } = await procOf(api, 'echo hello; exec sleep 60', shared().agent);
    const answer = await fetch(`${url}/api/v1/procs/${id}/logs?after=0`, {
      headers: { ...api.headers, accept: 'text/event-stream' },
    });
    const text = answer.text();
    await api.api.stop(0);
    expect(await text).toContain('retry: 1000');
  });
});
