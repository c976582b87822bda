import { randomUUID } from 'node:crypto';
import type { StopOrphansReply, StopOrphansRequest } from '@hostmesh/contract';
import { inParallel, describeProc, hasEndedForGood } from '@hostmesh/core';
import type { Changes, Meshes, MeshHostRecord } from '@hostmesh/db';
import { changedBy, type Actor, type AuditLog } from '../audit/audit-log.ts';
import { askHost } from '../agents/ask-host.ts';
import { actorOf, json, type Handlers } from '../http/route-types.ts';
import { collectBatches } from '../async/batches.ts';
import { findOrphans, type AskedHost, type FindOrphansDeps } from './find-orphans.ts';

export interface OrphanDeps extends FindOrphansDeps {
  readonly meshes: Meshes;
  readonly changes: Pick<Changes, 'noteOrphans'>;
  readonly audit: AuditLog;
}

/** How long an orphan has to end: the stop ladder with its usual steps, and some. */
const STOP_TIMEOUT_MS = 35_000;
const PAGE = 1000;

type Outcome = StopOrphansReply['outcomes'][number];
type Target = StopOrphansRequest['procs'][number];

/** Procs that nobody accounts for, found and stopped over HTTP (reference 12.4). */
export function orphanHandlers(deps: OrphanDeps): Pick<Handlers, 'listOrphans' | 'stopOrphans'> {
  return {
    listOrphans: async () => json(await findOrphans(deps, await hostsToAsk(deps))),
    stopOrphans: async (call) => {
      const { procs } = call.body;
      const accounted = await deps.procs.findAccounted(procs.map(({ procId }) => procId));
      const outcomes = new Map<Target, Outcome>();
      await inParallel(procs, deps.concurrency, async (target) => {
        const isOurs = accounted.has(target.procId);
        outcomes.set(target, isOurs ? notOrphan(target) : await stopOrphan(deps, actorOf(call), target));
      });
      const list = procs.flatMap((target) => outcomes.get(target) ?? []);
      const stopped = list.filter(({ outcome }) => outcome === 'stopped').length;
      const ids = procs.map(({ procId }) => procId).slice(0, 20);
      await deps.audit.record(
        actorOf(call),
        'orphans.stop',
        ids.join(' '),
        `${stopped} of ${procs.length} stopped`,
      );
      return json({ outcomes: list });
    },
  };
}

/** All hosts of attached meshes, and those of ended ones where procs may be left. */
async function hostsToAsk({ meshes, procs }: OrphanDeps): Promise<AskedHost[]> {
  const left = await procs.findLeftHosts();
  const hosts: AskedHost[] = left.map((host) => ({ ...host, isLeft: true }));
  let cursor: string | undefined;
  do {
    const page = await meshes.list({ state: 'attached', limit: PAGE, cursor });
    if (!page.ok) throw new Error(page.fault.message);
    for (const { id } of page.value.items) {
      const rows = await collectBatches(meshes.readHosts(id));
      hosts.push(
        ...rows.map(({ rank, address, hostId }) => ({ meshId: id, rank, address, hostId, isLeft: false })),
      );
    }
    cursor = page.value.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return hosts;
}

const notOrphan = ({ procId, procMeshId }: Target): Outcome => ({
  procId,
  outcome: 'refused',
  message: `it belongs to proc mesh ${procMeshId}, which is live: stop it there`,
});

async function stopOrphan(
  { meshes, changes, transport }: OrphanDeps,
  actor: Actor,
  { meshId, hostRank, procMeshId, procId }: Target,
): Promise<Outcome> {
  const host = await hostOf(meshes, meshId, hostRank);
  if (host === undefined) {
    return { procId, outcome: 'not_known', message: `mesh ${meshId} has no host ${hostRank}` };
  }
  const asked = await askHost(
    transport,
    host.address,
    { type: 'wait_status', id: randomUUID(), procId, min: 'Stopped', timeoutMs: STOP_TIMEOUT_MS },
    {
      timeoutMs: STOP_TIMEOUT_MS + 5000,
      before: [
        {
          type: 'stop_procs',
          id: randomUUID(),
          procMeshId,
          procIds: [procId],
          cause: 'requested',
          causeText: `as an orphan, by ${actor.name}`.slice(0, 500),
          stepMs: null,
        },
      ],
    },
  );
  if (!asked.ok) return { procId, outcome: 'unreachable', message: asked.fault.message };
  const { proc } = asked.value;
  if (proc === null) return { procId, outcome: 'not_known', message: 'its host does not have it' };
  const isGone = hasEndedForGood(proc);
  if (isGone) {
    const orphan = {
      procId,
      meshId,
      hostId: host.hostId,
      to: 'stopped',
      why: describeProc(proc),
      at: new Date(),
    };
    await changes.noteOrphans([orphan], changedBy(actor));
  }
  return { procId, outcome: isGone ? 'stopped' : 'still_running', message: describeProc(proc) };
}

/** The cursor of a list in rank order is the rank before. */
async function hostOf(meshes: Meshes, meshId: string, rank: number): Promise<MeshHostRecord | undefined> {
  const page = await meshes.hosts(meshId, { limit: 1, ...(rank > 0 && { cursor: String(rank - 1) }) });
  return page.ok ? page.value.items.find((host) => host.rank === rank) : undefined;
}
