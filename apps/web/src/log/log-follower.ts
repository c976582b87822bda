import type { ApiFault } from '@hostmesh/client';
import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import { assertNever, type Result } from '@hostmesh/core';
import { browserTimers, type Timers } from '../live/timers.ts';
import {
  stepLogFollow,
  unreadLog,
  type LogFollowCommand,
  type LogFollowEvent,
  type LogPosition,
  type LogSnapshot,
} from './step-log-follow.ts';

/** Where logs come from; the API in the product. */
export interface LogApi {
  read(query: LogPosition, signal: AbortSignal): Promise<Result<ProcLogs, ApiFault>>;
  /** Streams what comes after `after` until the signal fires, reconnecting by itself. */
  stream(options: {
    after: number;
    signal: AbortSignal;
    onEvent: (event: LogEvent) => void;
    onState: (isLive: boolean) => void;
  }): Promise<void>;
  /** How often to ask while there is no stream, in milliseconds. */
  pollMs(): number;
  isTransient(fault: ApiFault): boolean;
}

/** Follows one proc's log. */
export interface LogFollower {
  readonly snapshot: () => LogSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Reads again from the very first line that anybody still has, as far as the page has room. */
  readonly fromStart: () => void;
  /** Reads the last lines again, and follows. */
  readonly toEnd: () => void;
  /** Begins; the returned function ends everything that was started. */
  readonly start: () => () => void;
}

/** The time of day, in which the page says since when a log is stale. */
const timersOfDay: Timers = { ...browserTimers, now: () => Date.now() };

/** Makes a follower, which carries out what `stepLogFollow` commands. It asks for nothing until it is started. */
export function createLogFollower(source: LogApi, timers = timersOfDay): LogFollower {
  const listeners = new Set<() => void>();
  let log = unreadLog;
  let running = new AbortController();

  function happened(event: LogFollowEvent): void {
    const { snapshot } = log;
    const [next, commands] = stepLogFollow(log, event, timers.now());
    log = next;
    for (const command of commands) carryOut(command);
    if (log.snapshot !== snapshot) for (const listener of listeners) listener();
  }

  function carryOut(command: LogFollowCommand): void {
    // An answer to what was begun before a `close` is ignored.
    const { signal } = running;
    const tell = (event: LogFollowEvent) => {
      if (!signal.aborted) happened(event);
    };
    switch (command.kind) {
      case 'close':
        running.abort();
        running = new AbortController();
        return;
      case 'read':
        void read(command.query, signal).then(tell);
        return;
      case 'stream':
        void source.stream({
          after: command.after,
          signal,
          onEvent: (event) => tell({ kind: 'told', event }),
          onState: (isLive) => tell({ kind: 'stream_changed', isLive }),
        });
        return;
      case 'wait':
        later(source.pollMs(), signal, { kind: 'waited' });
        return;
      case 'paint':
        later(command.inMs, signal, { kind: 'paint_due' });
        return;
      default:
        assertNever(command);
    }
  }

  /** Tells it after so long, unless the signal fires before. */
  function later(ms: number, signal: AbortSignal, event: LogFollowEvent): void {
    const callOff = timers.after(ms, () => {
      signal.removeEventListener('abort', callOff);
      happened(event);
    });
    signal.addEventListener('abort', callOff, { once: true });
  }

  async function read(query: LogPosition, signal: AbortSignal): Promise<LogFollowEvent> {
    const reply = await source.read(query, signal);
    if (reply.ok) return { kind: 'answered', reply: reply.value };
    return { kind: 'unanswered', fault: reply.fault, isTransient: source.isTransient(reply.fault) };
  }

  return {
    snapshot: () => log.snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pause: () => happened({ kind: 'paused' }),
    resume: () => happened({ kind: 'resumed' }),
    fromStart: () => happened({ kind: 'wanted', from: 'start' }),
    toEnd: () => happened({ kind: 'wanted', from: 'end' }),
    start() {
      happened({ kind: 'opened' });
      return () => happened({ kind: 'left' });
    },
  };
}
