import { createHash } from 'node:crypto';
import type { ChangeAct } from '@hostmesh/contract';
import type { Audit, ChangedBy, NewAuditRecord } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { newId } from '../id/random-id.ts';

/** Who asked for something: a caller and its request. */
export interface Actor {
  readonly name: string;
  readonly requestId: string;
  /** By which act it changes states; null where it changes none. */
  readonly act: ChangeAct | null;
}

/** Who makes the changes of states that come of a request. */
export function changedBy({ name, act }: Actor): ChangedBy {
  if (act === null) throw new Error('a route without an act changes a state: see routeActs');
  return { by: name, act };
}

const HOUR_MS = 3_600_000;

/**
 * Writes down who did what. The thing itself has been done or refused by then, so that an entry that cannot be
 * written is logged in full and fails nothing.
 */
export class AuditLog {
  readonly #audit: Audit;
  readonly #log: FastifyBaseLogger;

  constructor(audit: Audit, log: FastifyBaseLogger) {
    this.#audit = audit;
    this.#log = log;
  }

  record(actor: Actor, action: string, target: string | null, outcome: string): Promise<void> {
    return this.#write({ id: newId('aud'), ...entryOf(actor, action, target, outcome) }, (entry) =>
      this.#audit.append(entry),
    );
  }

  /** What strangers can do as often as they like: the same within an hour is one entry, which counts. */
  recordRepeatable(actor: Actor, action: string, target: string | null, outcome: string): Promise<void> {
    const made = entryOf(actor, action, target, outcome);
    const hour = Math.floor(made.at.getTime() / HOUR_MS);
    const same = JSON.stringify([hour, actor.name, action, target, outcome]);
    const id = `aud_${createHash('sha256').update(same).digest('base64url').slice(0, 22)}`;
    return this.#write({ id, ...made }, (entry) => this.#audit.appendOrCount(entry));
  }

  async #write(entry: NewAuditRecord, store: (entry: NewAuditRecord) => Promise<void>): Promise<void> {
    try {
      await store(entry);
    } catch (err) {
      this.#log.error({ err, audit: entry }, 'an audit entry could not be stored');
    }
  }
}

const entryOf = (actor: Actor, action: string, target: string | null, outcome: string) => ({
  at: new Date(),
  actor: actor.name,
  action,
  target,
  outcome,
  requestId: actor.requestId,
});
