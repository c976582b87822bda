import { outputLog, type LifeEvent } from '@hostmesh/part';
import { pino, type Logger } from 'pino';
import type { ApiSettings } from '../settings/settings.ts';

/** The log of this process, on its standard output. */
export const logTo = (level: ApiSettings['logLevel']): Logger => pino({ level }, outputLog());

/** Logs what others do to this process, and what its bugs do. */
export function logEvent(log: Pick<Logger, 'info' | 'fatal'>, event: LifeEvent): void {
  if (event.kind === 'bug') log.fatal({ event: 'api.bug', err: event.error }, 'a bug: the API ends in order');
  else
    log.info({ event: `api.${event.kind}`, ...('signal' in event && { signal: event.signal }) }, event.kind);
}
