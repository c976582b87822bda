import { randomUUID } from 'node:crypto';
import type { Database } from '../open.ts';
import type { NewProcMesh } from '../proc/create-proc-mesh.ts';
import type { ProcMeshRecord } from '../proc/proc-record.ts';
import type { ProcTransitionRow } from '../proc/record-transitions.ts';
import { attachMesh, OWNER, valueOf } from './fixture.ts';

export const createdAt = new Date('2026-03-01T13:00:00.000Z');

/** A time so many seconds after `createdAt`. */
export const after = (seconds: number): Date => new Date(createdAt.getTime() + seconds * 1000);

/** Two procs on each of three hosts, unless said otherwise. */
export function aNewProcMesh(
  meshId: string,
  given: Partial<NewProcMesh> & { hosts?: number; perHostCount?: number } = {},
): NewProcMesh {
  const { hosts = 3, perHostCount = 2, ...rest } = given;
  const id = rest.id ?? `pm_${randomUUID()}`;
  return {
    id,
    meshId,
    owner: OWNER,
    name: 'workers',
    extent: { labels: ['hosts', 'gpus'], sizes: [hosts, perHostCount] },
    perHost: { labels: ['gpus'], sizes: [perHostCount] },
    request: { name: 'workers', command: { program: 'sleep', args: ['60'] } },
    timeoutMs: 60_000,
    requestedBy: 'admin',
    createdAt,
    procs: Array.from({ length: hosts * perHostCount }, (_, rank) => {
      const hostRank = Math.floor(rank / perHostCount);
      return {
        id: `${id}-${rank}`,
        rank,
        hostRank,
        hostId: `host_${hostRank}`,
        hostAddress: `tcp:10.0.0.${hostRank}:26600`,
      };
    }),
    ...rest,
  };
}

/** Creates one on a mesh, or on one that it attaches for it. */
export async function spawnProcMesh(
  db: Database,
  given: Parameters<typeof aNewProcMesh>[1] & { meshId?: string } = {},
): Promise<ProcMeshRecord> {
  const meshId = given.meshId ?? (await attachMesh(db));
  return valueOf(await db.procMeshes.create(aNewProcMesh(meshId, given))).procMesh;
}

/** A proc that became ready, as its host reports it at second `generation`, unless said otherwise. */
export const aReport = (
  rank: number,
  generation: number,
  given: Partial<ProcTransitionRow> = {},
): ProcTransitionRow => ({
  rank,
  generation,
  source: 'host',
  status: 'Running',
  statusText: 'running',
  cause: null,
  startFault: null,
  leftover: 0,
  exitCode: null,
  signal: null,
  endedBy: null,
  end: null,
  pid: 1000 + rank,
  at: after(generation),
  heardAt: after(generation),
  startedAt: createdAt,
  restarts: 0,
  nextRestartAt: null,
  stderrTail: [],
  configDigest: null,
  formerEnd: null,
  adopted: false,
  ...given,
});

/** Who stops procs in tests. */
/** Who ends a mesh in tests, by giving its hosts back. */
export const anEnd = { by: 'ops', act: 'stop' } as const;

export const aStop = { how: 'requested', by: 'ops' } as const;

/** It ended with this exit code, by itself. */
export const anExitRow = (rank: number, generation: number, exitCode: number): ProcTransitionRow =>
  aReport(rank, generation, {
    status: exitCode === 0 ? 'Stopped' : 'Failed',
    statusText: `exited with code ${exitCode}`,
    exitCode,
    end: exitCode === 0 ? 'succeeded' : 'failed',
    pid: null,
    stderrTail: [`bye ${exitCode}`],
  });

/** The controller has not heard of it since second `seconds`. */
export const aSilence = (rank: number, generation: number, seconds: number): ProcTransitionRow =>
  aReport(rank, generation, {
    source: 'controller',
    status: 'Unknown',
    statusText: 'not heard since its host fell silent',
    at: after(seconds),
    heardAt: null,
  });
