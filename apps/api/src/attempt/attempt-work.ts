import {
  fail,
  ok,
  parseAddress,
  parseHostMeshId,
  type ChannelAddress,
  type HostMeshId,
} from '@hostmesh/core';
import type { AttemptRecord, Attempts, NewAttempt } from '@hostmesh/db';
import { HostMesh, type EpochSource, type PushOptions } from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { OwnedMeshes } from '../mesh/owned-meshes.ts';
import type { AttemptWork } from './attempt-run.ts';
import type { AttemptTerms } from './plan-attach.ts';

/** What an attempt is to do, as it is stored and carried out. */
export type AttemptTask = AttemptTerms &
  Pick<NewAttempt, 'kind' | 'mesh' | 'meshId' | 'addresses' | 'extent' | 'parentId' | 'firstRanks'> & {
    /** The addresses as they were parsed, where they were just now. */
    readonly dial?: readonly ChannelAddress[];
  };

export interface WorkDeps {
  readonly attempts: Attempts;
  readonly meshes: OwnedMeshes;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  /** Whose lease attempts are under. */
  readonly owner: string;
  readonly epochs: EpochSource;
  readonly concurrency: number;
  /** A new id for a mesh of this name. */
  readonly newMeshId: (name: string) => string;
}

type Common = Omit<PushOptions, 'transport' | 'owner'>;

/** How the engine carries a task out, and what its success changes. */
export function workOf(deps: WorkDeps, task: AttemptTask, record: AttemptRecord): AttemptWork<HostMesh> {
  const { snapshot, timeoutMs, waitForHostsMs, firstRanks } = task;
  const common: Common = {
    snapshot,
    epoch: record.epoch,
    timeoutMs,
    waitForHostsMs,
    concurrency: deps.concurrency,
    ...(firstRanks && { first: firstRanks }),
  };
  return task.meshId === undefined
    ? attachWork(deps, task, record, common)
    : pushWork(deps, task.meshId, record, common);
}

function attachWork(
  deps: WorkDeps,
  task: AttemptTask,
  record: AttemptRecord,
  common: Common,
): AttemptWork<HostMesh> {
  const { attempts, meshes, transport, client, owner, epochs } = deps;
  const id = deps.newMeshId(task.mesh);
  return {
    push: async (options) => {
      const result = await HostMesh.attach(hostMeshId(id), task.dial ?? task.addresses.map(address), {
        ...common,
        ...options,
        transport,
        owner: client,
        extent: task.extent,
      });
      if (!result.ok && 'report' in result.fault) epochs.observe(result.fault.report.observedEpoch);
      return result;
    },
    attached: async (mesh) => {
      const success = { finishedAt: new Date(), mesh: { id, ref: mesh.ref.toString() } };
      const attached = await attempts.finishAttached(record.id, owner, success);
      if (!attached.ok) return attached;
      const { attempt, replacedMeshId } = attached.value;
      meshes.adopt(id, mesh);
      if (replacedMeshId !== null) meshes.drop(replacedMeshId);
      return ok(attempt);
    },
    discard: async (mesh) => {
      // A commit whose confirmation was lost has made the mesh after all.
      const attempt = await attempts.get(record.id);
      if (attempt?.state === 'attached') meshes.adopt(id, mesh);
      else mesh.close();
    },
  };
}

function pushWork(
  { attempts, meshes, owner, epochs }: WorkDeps,
  meshId: string,
  record: AttemptRecord,
  common: Common,
): AttemptWork<HostMesh> {
  return {
    push: async (options) => {
      const mesh = meshes.get(meshId);
      if (mesh === undefined) {
        return fail({ code: 'not_watched', message: `mesh ${meshId} is looked after by another replica` });
      }
      const result = await mesh.pushConfig({ ...common, ...options });
      if (result.ok) return ok(mesh);
      epochs.observe(result.fault.report.observedEpoch);
      return result;
    },
    attached: async () => {
      const attached = await attempts.finishAttached(record.id, owner, { finishedAt: new Date() });
      if (!attached.ok) return attached;
      await meshes.refresh(meshId);
      return ok(attached.value.attempt);
    },
    // The engine's mesh believes in a config that its hosts were made to give up.
    discard: () => meshes.retake(meshId),
  };
}

/** The database has addresses from host lists that were parsed. */
function address(text: string): ChannelAddress {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`stored address ${text}: ${parsed.fault.message}`);
  return parsed.value;
}

function hostMeshId(text: string): HostMeshId {
  const parsed = parseHostMeshId(text);
  if (!parsed.ok) throw new Error(`mesh id ${text}: ${parsed.fault.message}`);
  return parsed.value;
}
