import { randomUUID } from 'node:crypto';
import type { Orphan, OrphansReply } from '@hostmesh/contract';
import { inParallel, describeProc, hasEndedForGood } from '@hostmesh/core';
import type { MeshHostRecord, ProcMeshes, Procs } from '@hostmesh/db';
import type { AnswerOf, Owner, Transport } from '@hostmesh/protocol';
import { askHost } from '../agents/ask-host.ts';

export interface FindOrphansDeps {
  readonly procs: Procs;
  readonly procMeshes: ProcMeshes;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly concurrency: number;
}

/** A host that is asked what it runs. */
export interface AskedHost extends Pick<MeshHostRecord, 'rank' | 'address' | 'hostId'> {
  readonly meshId: string;
  /** Its mesh has ended: whoever else has its address by now is none of ours. */
  readonly isLeft: boolean;
}

const TIMEOUT_MS = 5000;

type HostProc = AnswerOf<'list_procs'>['procs'][number];
type Found = { readonly host: AskedHost; readonly proc: HostProc };

/** Asks hosts what they run, and finds what no live proc mesh of ours accounts for. */
export async function findOrphans(deps: FindOrphansDeps, hosts: readonly AskedHost[]): Promise<OrphansReply> {
  const found: Found[] = [];
  const unreachable: OrphansReply['unreachable'] = [];
  const asked = onePerAddress(hosts);
  await inParallel(asked, deps.concurrency, async (host) => {
    const request = { type: 'list_procs', id: randomUUID() } as const;
    const options = { timeoutMs: TIMEOUT_MS, ...(host.isLeft && { hostId: host.hostId }) };
    const answer = await askHost(deps.transport, host.address, request, options);
    if (answer.ok) found.push(...answer.value.procs.filter(isAlive).map((proc) => ({ host, proc })));
    else {
      const { meshId, rank, address } = host;
      unreachable.push({ meshId, rank, address, message: answer.fault.message });
    }
  });
  const accounted = await deps.procs.findAccounted(found.map(({ proc }) => proc.procId));
  const orphans = found.filter(({ proc }) => !accounted.has(proc.procId));
  const reasonOf = await reasons(deps, orphans);
  const now = Date.now();
  return {
    items: orphans.map((each) => orphanView(each, reasonOf(each), now)).sort(byHost),
    unreachable: unreachable.sort((a, b) => a.meshId.localeCompare(b.meshId) || a.rank - b.rank),
    asked: asked.length,
    askedAt: new Date(now).toISOString(),
  };
}

/** A host that several meshes share is asked once. */
function onePerAddress(hosts: readonly AskedHost[]): readonly AskedHost[] {
  const attached = new Map(hosts.filter(({ isLeft }) => !isLeft).map((host) => [host.address, host]));
  const left = hosts.filter(
    ({ isLeft, address, hostId }) => isLeft && attached.get(address)?.hostId !== hostId,
  );
  return [...attached.values(), ...left];
}

const isAlive = (proc: HostProc) => !hasEndedForGood(proc);

const byHost = (a: Orphan, b: Orphan) =>
  a.meshId.localeCompare(b.meshId) || a.hostRank - b.hostRank || a.procId.localeCompare(b.procId);

/** Why each is taken for an orphan. */
async function reasons({ procMeshes, client }: FindOrphansDeps, orphans: readonly Found[]) {
  const ids = new Set(orphans.map(({ proc }) => proc.procMeshId));
  const states = new Map<string, string>();
  for (const id of ids) {
    const record = await procMeshes.get(id);
    if (record !== undefined) states.set(id, record.state.replace('_', ' '));
  }
  return ({ proc: { owner, procMeshId } }: Found): string => {
    const state = states.get(procMeshId);
    if (state !== undefined) return `its proc mesh has ended: ${state}`;
    return owner.clientId === client.clientId
      ? 'started in our name, and its proc mesh is not known here'
      : 'started by another client';
  };
}

function orphanView({ host, proc }: Found, reason: string, now: number): Orphan {
  return {
    procId: proc.procId,
    procMeshId: proc.procMeshId,
    hostMeshId: proc.hostMeshId,
    rank: proc.rank,
    meshId: host.meshId,
    hostRank: host.rank,
    hostId: host.hostId,
    hostAddress: host.address,
    owner: proc.owner.label,
    program: proc.program,
    pid: proc.pid,
    statusText: describeProc(proc),
    startedAt: proc.startedAt === null ? null : new Date(proc.startedAt).toISOString(),
    reason,
    reapedAt: proc.leaseMs === null ? null : new Date(now + proc.leaseMs).toISOString(),
  };
}
