import { AttemptSummary } from './attempt/attempt.ts';
import type { RouteName } from './routes.ts';
import { aChange, aMesh, aMeshHost, anAttempt, aPreflight, aProc, aProcMesh, aResult } from './examples.ts';
import type { RequestHeaderName } from './shared-notes.ts';

/** What the API document says of a route besides its schemas. */
export interface RouteNote {
  /** For people who do not know the product yet. */
  readonly description: string;
  readonly headers?: readonly RequestHeaderName[];
  /** Other forms of a success, by what `Accept` asks for. */
  readonly alsoAs?: readonly ('text/csv' | 'text/plain')[];
  /** `Location` of what was made. */
  readonly locates?: true;
  readonly setsCookie?: true;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly reply?: unknown;
}

const page = (item: object) => ({ items: [item], nextCursor: null, total: 1 });
const at = '2026-01-01T12:00:00.000Z';
const digest = `sha256:${'0'.repeat(64)}`;
const attempting = { headers: ['Idempotency-Key', 'Prefer'], locates: true, reply: anAttempt() } as const;
const attach = { mesh: 'train', hosts: 'tcp:10.0.0.[1-4]:26600', timeout: '10s' };
const orphan = { meshId: 'mesh_1', hostRank: 0, procMeshId: 'pm_2', procId: 'proc-7' };

const history = {
  query: { limit: 50 },
  reply: page({
    from: null,
    to: 'attached',
    why: null,
    by: 'admin',
    act: 'attach',
    at,
    recordedAt: at,
    durationMs: null,
  }),
} as const;
const ends = {
  meshId: 'mesh_1',
  mesh: 'train',
  procMeshes: [{ id: 'pm_1', name: 'workers', running: 4 }],
  procMeshesTotal: 1,
  procs: 4,
  hostsLetGo: [],
  hostsLetGoTotal: 0,
};
const ending = {
  body: { timeout: '30s' },
  reply: {
    ends,
    others: null,
    mesh: aMesh({ state: 'stopped', endedAt: at }),
    outcomes: [
      { rank: 0, address: 'tcp:10.0.0.1:26600', hostId: 'host_0', outcome: 'done', message: 'done' },
    ],
  },
} as const;
const { id, rank, hostRank, hostAddress, endedBy } = aProc();
const aCommand = { program: 'sleep', args: ['60'], arg0: null, cwd: null, runAs: null, envNames: [] };

const aSession = {
  name: 'admin',
  version: '1.0.0',
  maxHosts: 20_000,
  retentionMs: 2_592_000_000,
  localAgents: 'tcp:127.0.0.1:[26600-26603]',
};

/** One note for each route: a route does not compile until it has one. */
export const routeNotes: { readonly [Name in RouteName]: RouteNote } = {
  startAttach: {
    description:
      'Dials every host, pushes the config snapshot, and succeeds only when all have proved that they installed it. Otherwise 424 names each failing host, and the others get back what they had before. It waits for the verdict and for what is left on hosts; it goes on when you hang up.',
    ...attempting,
    body: attach,
  },
  listAttempts: {
    description: 'Attaches and pushes of all meshes, each with its counts; filtered and in pages.',
    query: { state: 'failed', limit: 50 },
    reply: page(AttemptSummary.parse(anAttempt())),
  },
  getAttempt: {
    description:
      '`state` is the verdict from `decidedAt` on; all is known from `finishedAt` on. Until then `counts.restoring` hosts are still asked what they hold.',
    reply: anAttempt(),
  },
  listAttemptHosts: {
    description: 'What each host said, how long it took, and what became of the config that it was sent.',
    alsoAs: ['text/csv'],
    query: { state: 'failed', limit: 50 },
    reply: page(aResult()),
  },
  retryAttempt: {
    description:
      'Makes a new attempt over the hosts of an attempt that has ended: those that failed first, all at once, or only those that had installed.',
    ...attempting,
    body: { only: 'failed' },
  },
  cancelAttempt: {
    description: 'Ends a running attempt; hosts that had installed its config get back what they had.',
    headers: ['Prefer'],
    reply: anAttempt(),
  },
  preflight: {
    description:
      'What an attach with this body would meet: who answers, what would change on each host, what stands against it. No config is sent.',
    body: attach,
    reply: aPreflight(),
  },
  listMeshes: {
    description: 'Meshes that are attached, and those that were.',
    query: { state: 'attached', limit: 50 },
    reply: page(aMesh()),
  },
  getMesh: { description: 'A mesh, and how many of its hosts are in which health.', reply: aMesh() },
  listMeshHosts: {
    description: 'The hosts of a mesh by rank, each with its health and since when.',
    alsoAs: ['text/csv'],
    query: { health: 'unreachable' },
    reply: page(aMeshHost()),
  },
  pushConfig: {
    description:
      'Pushes to all hosts what the mesh was last given, changed by `config`; the verdict is as of an attach.',
    ...attempting,
    body: { config: { PROC_STOP_MAX_IDLE: '45s' } },
  },
  previewMeshEnd: {
    description: 'The procs that a stop or shutdown would end, and who else uses the hosts. Nothing is done.',
    reply: { ends, others: null },
  },
  meshHistory: {
    description: 'When it was attached, stopped or replaced, and by whom.',
    ...history,
  },
  hostHistory: {
    description: 'How a host has been: each health, since when, for how long, and why.',
    ...history,
  },
  attemptHistory: { description: 'When it began, and how it ended.', ...history },
  forgetHost: {
    description:
      'For a host that is replaced or unreachable: nothing more is expected of it, its procs count as lost (where they still run, nobody looks after them), and whoever answers at its address takes its rank. `dryRun` says which procs that are.',
    body: { dryRun: true },
    reply: { host: aMeshHost(), formerHostId: 'host_0', procs: [], procsTotal: 0, dryRun: true },
  },
  stopMesh: {
    description:
      'Ends the procs of the mesh and our hold on its hosts; their agents and config stay. 424 names the hosts that did not say that they did it.',
    ...ending,
  },
  shutdownMesh: {
    description:
      'Drains every host agent and tells it to leave service. 424 names the hosts that did not say that they did it; the mesh then stays attached.',
    ...ending,
  },
  spawnProcMesh: {
    description:
      'Starts a program on every host, so many times on each, and waits until every rank is ready. When one fails, 424 says which and why, and all are stopped again.',
    headers: ['Idempotency-Key', 'Prefer'],
    locates: true,
    body: {
      name: 'trainers',
      perHost: { gpus: 4 },
      command: { program: 'python3', args: ['train.py'], runAs: 'trainer' },
      readiness: { kind: 'output', contains: 'listening' },
    },
    reply: aProcMesh(),
  },
  listProcMeshes: {
    description: 'Proc meshes that run, and those that have ended, with how they ended.',
    query: { limit: 50 },
    reply: page(aProcMesh()),
  },
  getProcMesh: { description: 'Its state, its counts by status, and why ranks failed.', reply: aProcMesh() },
  listMeshProcs: {
    description: 'The procs of a proc mesh as last heard.',
    alsoAs: ['text/csv'],
    query: { status: 'Failed' },
    reply: page(aProc()),
  },
  stopProcMesh: {
    description:
      'Asks procs to end, then SIGTERM, then SIGKILL to the whole process group, and says for each how it went. 424 when some are not known to have ended.',
    body: { ranks: '0..4,7', step: '10s' },
    reply: {
      procMesh: aProcMesh(),
      outcomes: [
        { id, rank, hostRank, hostAddress, endedBy, outcome: 'stopped', message: 'killed by SIGTERM' },
      ],
    },
  },
  seenProcMesh: {
    description: 'It no longer needs attention for what there is now; who saw it, and when, is recorded.',
    reply: aProcMesh(),
  },
  listProcs: {
    description: 'Procs of all meshes, filtered and in pages.',
    query: { status: 'Unknown', limit: 50 },
    reply: page(aProc()),
  },
  getProc: {
    description: 'A proc, with what it was started with and what it uses just now.',
    reply: { ...aProc(), command: aCommand, usage: null, meshConfigDigest: digest },
  },
  procHistory: {
    description: 'Every change of status that its host reported or that we concluded.',
    query: { limit: 50 },
    reply: page({
      generation: 1,
      at,
      recordedAt: at,
      status: 'Running',
      statusText: 'running',
      source: 'host',
      pid: 100,
      exitCode: null,
      signal: null,
      cause: null,
    }),
  },
  procLogs: {
    description:
      'What it wrote, from the host or from what was fetched before; gaps say what is missing. As `text/event-stream` the output is followed until there will be no more.',
    headers: ['Last-Event-ID'],
    alsoAs: ['text/plain'],
    query: { tail: 100 },
    reply: {
      entries: [{ seq: 1, stream: 'stdout', at, text: 'step 1', partial: false }],
      open: [],
      gaps: [],
      lastSeq: 1,
      newestSeq: 1,
      ended: false,
      source: 'host',
    },
  },
  listOrphans: {
    description:
      'Asks every host of the attached meshes what it runs, and those of ended meshes where procs were not seen to end, and lists what none of our live proc meshes accounts for.',
    reply: { items: [], unreachable: [], asked: 4, askedAt: at },
  },
  stopOrphans: {
    description:
      'Stops the named ones and says for each how it went; what belongs to a live proc mesh is refused.',
    body: { procs: [orphan] },
    reply: { outcomes: [{ procId: orphan.procId, outcome: 'stopped', message: 'killed by SIGTERM' }] },
  },
  hostConfig: {
    description: 'The host is asked just now: the effective value of every key, and what each layer has.',
    reply: {
      hostId: 'host_0',
      address: 'tcp:10.0.0.1:26600',
      digest,
      epoch: 1,
      owner: 'hostmesh',
      entries: [],
      unknownKeys: [],
    },
  },
  configKeys: {
    description: 'Every key that there is: its type, default, environment variable and meaning.',
    reply: { items: [] },
  },
  configSnapshot: {
    description: 'The values that an attach without `config` would push, and their digest.',
    reply: { digest, sizeBytes: 2, values: [] },
  },
  events: {
    description:
      'Whole records as they change, at most four times a second. The first event is named `hello`: its `id` is where the stream begins. `resync` means that events were missed: read again.',
    headers: ['Last-Event-ID'],
    query: { mesh: 'mesh_1' },
  },
  listChanges: {
    description:
      'What became of everything, who asked for it (`by`) and by which act; `console` stands for what the service did or noticed by itself, its own absences and those of its database included. `mesh` takes in all that is on a mesh.',
    query: { kind: 'host', state: 'unreachable', since: at, limit: 50 },
    reply: page(aChange()),
  },
  audit: {
    description:
      'Every change that somebody asked for, and how it ended. Sign-ins that are refused alike, from one address within an hour, are one entry that counts them.',
    query: { q: 'attach', limit: 50 },
    reply: page({
      id: '7',
      at,
      actor: 'admin',
      action: 'startAttach',
      target: 'train',
      outcome: '201',
      requestId: 'req_1',
      count: 1,
      lastAt: null,
    }),
  },
  session: {
    description: 'The name of the token that was sent, and the limits that input is checked against.',
    reply: aSession,
  },
  login: {
    description:
      'Sets the session cookie, which then counts like the token does, at the name and port alone that it was set for. Takes `{ token }` or `{ code }`. Wrong ones are slowed down, by address; right ones never.',
    setsCookie: true,
    body: { token: 'hm_…' },
    reply: aSession,
  },
  makeSignInCode: {
    description:
      'The code counts once, within 10 minutes; opening `url` signs in. Takes a token: a session cannot make one.',
    reply: { code: 'hm_…', url: 'http://localhost:3000/sign-in#code=hm_…', expiresAt: at },
  },
  logout: { description: 'Ends the session of the cookie that was sent.', setsCookie: true },
  health: {
    description: 'The process answers; it says nothing about the database.',
    reply: { status: 'ok', version: '1.0.0' },
  },
  ready: {
    description: 'Whether requests can be served, and if not, what is missing.',
    reply: { status: 'ready', database: 'ok', migrations: 'ok', parts: [] },
  },
};
