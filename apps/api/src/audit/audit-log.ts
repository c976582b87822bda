import type { Audit } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { newId } from '../id/random-id.ts';

/** Who asked for something: a caller and its request. */
export interface Actor {
  readonly name: string;
  readonly requestId: string;
}

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

  async record(actor: Actor, action: string, target: string | null, outcome: string): Promise<void> {
    const entry = {
      id: newId('aud'),
      at: new Date(),
      actor: actor.name,
      action,
      target,
      outcome,
      requestId: actor.requestId,
    };
    try {
      await this.#audit.append(entry);
    } catch (err) {
      this.#log.error({ err, audit: entry }, 'an audit entry could not be stored');
    }
  }
}
