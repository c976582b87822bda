import type { ApiEvent } from '@hostmesh/contract';
import {
  resumed,
  type AttemptHostRecord,
  type AttemptRecord,
  type Attempts,
  type OwnerLease,
} from '@hostmesh/db';
import { HostMeshRef, restoreConfig } from '@hostmesh/host-mesh';
import type { Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { storedAddress, hostMeshIdOf } from '../agents/stored-names.ts';
import { collectBatches } from '../async/batches.ts';
import { Background } from '../persist/background.ts';
import { hostResult, storedAttempt } from './attempt-view.ts';

export interface RecoveryDeps {
  readonly attempts: Attempts;
  readonly transport: Transport;
  readonly lease: OwnerLease;
  readonly concurrency: number;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
}

/**
 * Settles attempts that nobody works on any more: they are `interrupted`, whatever their hosts did meanwhile, and
 * hosts that may hold their snapshot are asked to restore what they had. Nothing here ever makes an attempt
 * `attached`.
 */
export class Recovery {
  readonly #deps: RecoveryDeps;
  readonly #background: Background;
  readonly #settling = new Map<string, { readonly mesh: string; readonly done: Promise<void> }>();

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
    this.#background = new Background(deps.log);
  }

  /** Takes over attempts of replicas that are gone; `atStart` also those of this instance's former life. */
  async claim(atStart: boolean): Promise<void> {
    const { attempts, lease } = this.#deps;
    const claimed = await attempts.claimOrphans({ lease, includeOwn: atStart });
    for (const record of claimed) {
      this.#deps.log.warn(
        { event: 'attempt_interrupted', attemptId: record.id, mesh: record.mesh },
        record.reason ?? '',
      );
      void this.#once(record, () => this.#restore(record));
    }
  }

  /** Settles an attempt of this process that could not be recorded, as soon as the database answers. Never rejects. */
  settleLater({ id, mesh }: Pick<AttemptRecord, 'id' | 'mesh'>): Promise<void> {
    return this.#once({ id, mesh }, async () => {
      const { attempts, lease } = this.#deps;
      const ended = await attempts.finish(id, lease.owner, {
        state: 'interrupted',
        reason: 'The database did not answer when the attempt ended',
        unfinished: { kind: 'Interrupted', message: 'the result could not be recorded' },
        decidedAt: new Date(),
        endedBy: resumed,
      });
      const record = ended.ok ? ended.value : await attempts.get(id);
      if (record?.settledAt === null && record.leaseOwner === lease.owner) await this.#restore(record);
    });
  }

  /** Resolves when the attempts on this mesh that are being settled now have been. */
  async settled(mesh: string): Promise<void> {
    const running = [...this.#settling.values()].filter((each) => each.mesh === mesh);
    await Promise.all(running.map(({ done }) => done));
  }

  /** Resolves when nothing is being settled any more; what is left is for the next start. */
  async stop(): Promise<void> {
    await this.#background.stop();
    await Promise.all([...this.#settling.values()].map(({ done }) => done));
  }

  /** One settling per attempt, tried again until it succeeds or we stop. */
  #once({ id, mesh }: Pick<AttemptRecord, 'id' | 'mesh'>, settle: () => Promise<void>): Promise<void> {
    const under = this.#settling.get(id);
    if (under !== undefined) return under.done;
    const done = this.#background
      .persist(settle, 'an attempt could not be settled yet')
      .finally(() => this.#settling.delete(id));
    this.#settling.set(id, { mesh, done });
    return done;
  }

  async #restore(record: AttemptRecord): Promise<void> {
    const { attempts, lease, transport, concurrency, publish } = this.#deps;
    const hosts = await collectBatches(attempts.readHosts(record.id, { restore: 'pending' }));
    await this.#tell(record);
    if (hosts.length > 0 && !this.#background.stopping.aborted) {
      const asked = await restoreConfig(refOf(record, hosts), record.epoch, {
        transport,
        concurrency,
        hostIds: hosts.map(({ hostId }) => hostId),
        installed: new Set(hosts.flatMap(({ state }, index) => (state === 'installed' ? [index] : []))),
        signal: this.#background.stopping,
      });
      // Interrupted ourselves: the next start asks again.
      if (this.#background.stopping.aborted) return;
      const restored = asked.flatMap(({ rank: index, restore }): AttemptHostRecord[] => {
        const host = hosts[index];
        return host === undefined ? [] : [{ ...host, restore }];
      });
      await attempts.saveRestores(
        record.id,
        lease.owner,
        restored.flatMap(({ rank, restore }) => (restore === null ? [] : [{ rank, restore }])),
      );
      publish({ type: 'attempt.hosts_changed', attemptId: record.id, hosts: restored.map(hostResult) });
    }
    const settled = await attempts.get(record.id);
    if (settled !== undefined) await this.#tell(settled);
  }

  async #tell(record: AttemptRecord): Promise<void> {
    const { attempts, publish } = this.#deps;
    publish({ type: 'attempt.changed', attempt: await storedAttempt(attempts, record) });
  }
}

/** The hosts to ask, whose ranks in this ref are their positions in the list. */
function refOf({ mesh }: AttemptRecord, hosts: readonly { address: string }[]): HostMeshRef {
  const addresses = hosts.map(({ address }) => storedAddress(address));
  const ref = HostMeshRef.fromAddresses(hostMeshIdOf(mesh), addresses);
  if (!ref.ok) throw new Error(`attempt of ${mesh}: ${ref.fault.message}`);
  return ref.value;
}
