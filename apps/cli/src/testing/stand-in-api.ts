import { API_BASE, type Mesh, type Proc, type ProcMeshView } from '@hostmesh/contract';
import { runProgram } from '../program.ts';

/** A request as the program sent it. */
export interface Sent {
  readonly route: string;
  readonly query: Record<string, string>;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What answers a route, as in `GET /meshes`: JSON, or the events of a stream that then stays open. */
export type Answers = Record<string, (sent: Sent) => unknown>;

/** A refusal, as the API sends it. */
export const problem = (status: number, code: string, more: object = {}): Response =>
  Response.json(
    {
      type: 'about:blank',
      title: code,
      status,
      code,
      detail: `because of ${code}`,
      requestId: 'req_1',
      ...more,
    },
    { status },
  );

/** A stream of these events, which stays open until the caller gives it up. */
export function eventStream(events: readonly object[], signal: AbortSignal | undefined): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const event of events)
        controller.enqueue(new TextEncoder().encode(`id: 1\ndata: ${JSON.stringify(event)}\n\n`));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** Runs the program with an API that is only these answers; all else is not found, and there are no events. */
export async function runWith(
  answers: Answers,
  args: readonly string[],
  given: { isTerminal?: boolean } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const sent: Sent[] = [];
  const signal = new AbortController();
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const route = `${init?.method ?? 'GET'} ${url.pathname.slice(API_BASE.length)}`;
    const body = init?.body === null || init?.body === undefined ? undefined : JSON.parse(String(init.body));
    const one = {
      route,
      query: Object.fromEntries(url.searchParams),
      headers: new Headers(init?.headers),
      body,
    };
    if (route === 'GET /events') return eventStream([], init?.signal ?? undefined);
    sent.push(one);
    const answer = answers[route]?.(one) ?? problem(404, 'not_found');
    if (answer instanceof Response) return answer;
    if (one.headers.get('accept') === 'text/event-stream' && Array.isArray(answer))
      return eventStream(answer, init?.signal ?? undefined);
    return Response.json(answer);
  };
  const code = await runProgram(args, {
    apiUrl: 'http://api.test:4600',
    token: 'secret',
    fetch: send,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    progress: () => {},
    isTerminal: given.isTerminal ?? false,
    signal: signal.signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n'), sent };
}

const at = '2026-03-01T12:00:00.000Z';

/** A page of these. */
export const page =
  (...items: readonly object[]) =>
  () => ({ items, nextCursor: null, total: items.length });

/** A mesh that is attached, unless said otherwise. */
export const aMesh = (given: Partial<Mesh> = {}): Mesh => ({
  id: 'train-1',
  name: 'train',
  state: 'attached',
  ref: 'train',
  extent: { hosts: 2 },
  configDigest: 'sha256:1',
  hosts: { total: 2, connecting: 0, healthy: 2, configLost: 0, unreachable: 0, released: 0 },
  attempt: { id: 'att_1', state: 'attached', startedAt: at },
  attachedAt: at,
  endedAt: null,
  summary: 'All hosts are healthy.',
  ...given,
});

const none = {
  NotExist: 0,
  Initializing: 0,
  Running: 0,
  Stopping: 0,
  Stopped: 0,
  Failed: 0,
  Timeout: 0,
  Unknown: 0,
};

/** How many procs have which status. */
export const counts = (given: Partial<ProcMeshView['counts']>): ProcMeshView['counts'] => ({
  ...none,
  ...given,
  total: Object.values(given).reduce((sum, count) => sum + count, 0),
});

/** A proc mesh that runs on two hosts, unless said otherwise. */
export const aProcMesh = (given: Partial<ProcMeshView> = {}): ProcMeshView => ({
  id: 'workers-1',
  name: 'workers',
  meshId: 'train-1',
  mesh: 'train',
  state: 'running',
  extent: { hosts: 2 },
  perHost: {},
  command: { program: 'sleep', args: ['60'], arg0: null, cwd: null, envNames: [] },
  readiness: { kind: 'alive' },
  restart: { policy: 'never' },
  keep: false,
  timeout: '30s',
  counts: counts({ Running: 2 }),
  failureGroups: [],
  failures: [],
  residue: 0,
  repairs: 0,
  controller: 'proc_mesh_controller_workers-1',
  requestedBy: 'admin',
  createdAt: at,
  readyAt: at,
  endedAt: null,
  summary: 'All 2 procs run.',
  ...given,
});

/** A proc that runs, unless said otherwise. */
export const aProc = (rank: number, given: Partial<Proc> = {}): Proc => ({
  id: `workers-1-${rank}`,
  procMeshId: 'workers-1',
  name: 'workers',
  meshId: 'train-1',
  rank,
  point: `hosts=${rank}/2`,
  hostRank: rank,
  hostId: `host_${rank}`,
  hostAddress: `tcp:10.0.0.${rank}:26600`,
  address: `workers-1-${rank}@tcp:10.0.0.${rank}:26600`,
  pid: 100 + rank,
  status: 'Running',
  statusText: 'running',
  exitCode: null,
  signal: null,
  endedBy: null,
  generation: 2,
  since: at,
  lastHeardAt: at,
  startedAt: at,
  restarts: 0,
  nextRestartAt: null,
  stderrTail: [],
  adopted: false,
  ...given,
});

/** It exited by itself. */
export const anExit = (rank: number, exitCode: number): Proc =>
  aProc(rank, {
    status: exitCode === 0 ? 'Stopped' : 'Failed',
    statusText: `exited with code ${exitCode}`,
    exitCode,
    pid: null,
  });
