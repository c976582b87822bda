import type { Attempt, AttemptSummary, Proc } from '@hostmesh/contract';
import { nameOf, type ProcProcess } from '../rig/proc-processes.ts';
import type { Look, SlotLook } from './look.ts';

/** A process that was seen alive. */
export interface SeenProcess {
  readonly process: ProcProcess;
  readonly firstSeenAt: number;
}

/** What was asked of the product, done to it and told by it so far: what the laws judge a look by. */
export class Chronicle {
  /** Addresses that a push went to, by its marker. */
  readonly pushes = new Map<string, ReadonlySet<string>>();
  /** Markers by the digest of the config that they are part of. */
  readonly markerOfDigest = new Map<string, string>();
  /** Ids of proc meshes and procs whose end was asked for, or said in a preview. */
  readonly endings = new Set<string>();
  /** Every proc that the API ever told of, as it last told. */
  readonly procs = new Map<string, Proc>();
  /** Attempts that had ended, as they were first told to have. */
  readonly ended = new Map<string, AttemptSummary>();
  readonly meshes = new Set<string>();
  readonly procMeshes = new Set<string>();
  /** Proc meshes whose procs outlive their agents. */
  readonly keeping = new Set<string>();
  /** Processes that lived at the last look. */
  readonly living = new Map<string, SeenProcess>();
  /** Since when the process of a proc that is said to run has not been there. */
  readonly missingSince = new Map<string, number>();
  /** When the API, the database or their disk was last in trouble of our making. */
  disturbedAt = 0;

  /** A push with this marker is about to be asked for. */
  pushing(marker: string, addresses: readonly string[]): void {
    this.pushes.set(marker, new Set(addresses));
  }

  /** What a push with this marker came to. */
  pushed(marker: string, attempt: Attempt): void {
    this.markerOfDigest.set(attempt.configDigest, marker);
  }

  /** The end of these was asked for, or a preview has said that it comes. */
  ending(ids: Iterable<string>): void {
    for (const id of ids) this.endings.add(id);
  }

  /** Takes a look in, once it was judged. */
  remember({ at, after, told }: Look): void {
    const alive = new Map(after.map((process) => [nameOf(process), process]));
    for (const name of this.living.keys()) if (!alive.has(name)) this.living.delete(name);
    for (const [name, process] of alive)
      if (!this.living.has(name)) this.living.set(name, { process, firstSeenAt: at });
    if (told === null) return;
    for (const proc of told.procs) this.procs.set(proc.id, proc);
    for (const each of told.meshes) this.meshes.add(each.id);
    for (const { id, keep } of told.procMeshes) {
      this.procMeshes.add(id);
      if (keep) this.keeping.add(id);
    }
    for (const each of told.attempts)
      if (each.finishedAt !== null && !this.ended.has(each.id)) this.ended.set(each.id, each);
    const pids = new Set(after.map(({ procId, pid }) => `${procId} ${pid}`));
    for (const { id, pid, status } of told.procs) {
      if (status !== 'Running' || pids.has(`${id} ${pid}`)) this.missingSince.delete(id);
      else if (!this.missingSince.has(id)) this.missingSince.set(id, at);
    }
  }
}

/** The slot where the agent with this id is, or was. */
export const slotOf = (slots: readonly SlotLook[], hostId: string): SlotLook | undefined =>
  slots.find(({ hostIds }) => hostIds.includes(hostId));
