import { assertNever } from '@hostmesh/core';
import type { Hello, InstalledConfig, Lifecycle, Owner } from '@hostmesh/protocol';

/** The last thing heard of a host. */
interface HeardState {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly hello: Hello;
  readonly lifecycle: Lifecycle;
  readonly config: InstalledConfig;
}

/** What the mesh wants its hosts to hold. */
export interface ExpectedConfig {
  /** While a push runs, that of before and that of after. */
  readonly digests: readonly string[];
  readonly owner: Owner;
}

/**
 * What is known of one host, never better than the last thing heard (design section 1).
 * - `connecting`: not heard yet, or no longer since we cannot ask it ourselves
 * - `healthy`: it answers and holds the mesh's config; `note` when somebody else pushed the same config
 * - `config_lost`: it answers, and holds something else
 * - `replaced`: another agent answers at its address, `found`; of the host itself nothing is known
 * - `unreachable`: it does not answer; it heals when it does again (reference section 12 freezes it instead)
 */
export type HostWatch =
  | {
      readonly kind: 'connecting';
      readonly since: number;
      readonly heard?: HeardState | null;
      /** Why we cannot ask it, where that is our own doing. */
      readonly reason?: string;
    }
  | {
      readonly kind: 'healthy';
      readonly since: number;
      readonly heard: HeardState;
      readonly note: string | null;
    }
  | {
      readonly kind: 'config_lost';
      readonly since: number;
      readonly heard: HeardState;
      readonly reason: string;
    }
  | {
      readonly kind: 'replaced';
      readonly since: number;
      readonly heard: HeardState | null;
      readonly reason: string;
      readonly found: Hello;
    }
  | {
      readonly kind: 'unreachable';
      readonly since: number;
      readonly heard: HeardState | null;
      readonly reason: string;
    };

export type HostWatchEvent =
  /** The host said what its state is. */
  | {
      readonly kind: 'heard';
      readonly hello: Hello;
      readonly lifecycle: Lifecycle;
      readonly config: InstalledConfig;
    }
  /** The host reported that a part of its state changed. */
  | { readonly kind: 'changed'; readonly lifecycle?: Lifecycle; readonly config?: InstalledConfig }
  /** The host could not be reached, or was silent for too long. */
  | { readonly kind: 'missed'; readonly reason: string }
  /** We could not ask it: we ran out of something ourselves. */
  | { readonly kind: 'unasked'; readonly reason: string }
  /** Another agent answers at its address. */
  | { readonly kind: 'replaced'; readonly reason: string; readonly found: Hello }
  /** The host that it was is given up: it is whoever answers next. */
  | { readonly kind: 'given_up' }
  /** The mesh wants another config from now on. */
  | { readonly kind: 'expectation_changed' };

/** The next state. `at` is the time of the event, in milliseconds since 1970. */
export function stepHostWatch(
  state: HostWatch,
  event: HostWatchEvent,
  at: number,
  expected: ExpectedConfig,
): HostWatch {
  const last = ('heard' in state ? state.heard : null) ?? null;
  switch (event.kind) {
    case 'heard':
      return assess(
        state,
        { at, hello: event.hello, lifecycle: event.lifecycle, config: event.config },
        expected,
      );
    case 'changed': {
      if (last === null || !isHeard(state)) return state;
      const { lifecycle = last.lifecycle, config = last.config } = event;
      return assess(state, { ...last, at, lifecycle, config }, expected);
    }
    case 'missed':
      return {
        kind: 'unreachable',
        since: sinceOf(state, 'unreachable', at),
        heard: last,
        reason: event.reason,
      };
    case 'unasked':
      return {
        kind: 'connecting',
        since: sinceOf(state, 'connecting', at),
        heard: last,
        reason: event.reason,
      };
    case 'replaced': {
      const { reason, found } = event;
      return { kind: 'replaced', since: sinceOf(state, 'replaced', at), heard: last, reason, found };
    }
    case 'given_up':
      return { kind: 'connecting', since: at };
    case 'expectation_changed':
      return last === null || !isHeard(state) ? state : assess(state, last, expected, at);
    default:
      return assertNever(event);
  }
}

function assess(state: HostWatch, heard: HeardState, expected: ExpectedConfig, at = heard.at): HostWatch {
  const { digest, owner } = heard.config;
  const others = owner !== null && owner.clientId !== expected.owner.clientId ? owner : null;
  if (digest !== null && expected.digests.includes(digest)) {
    const note = others && `the same config was pushed again by ${others.label}`;
    return { kind: 'healthy', since: sinceOf(state, 'healthy', at), heard, note };
  }
  return {
    kind: 'config_lost',
    since: sinceOf(state, 'config_lost', at),
    heard,
    reason: whyLost(state, heard, others),
  };
}

function whyLost(state: HostWatch, { hello, config }: HeardState, others: Owner | null): string {
  if (others !== null) return `taken over by ${others.label}`;
  if (config.digest !== null) return 'it holds another config of this client';
  const before = ('heard' in state ? state.heard : null) ?? null;
  const restarted = before !== null && before.hello.incarnation !== hello.incarnation;
  if (restarted) return 'its agent has restarted and holds no config';
  // Once a restart has been noticed it stays the reason, however often the host says again that it holds nothing.
  return state.kind === 'config_lost' && before?.config.digest === null ? state.reason : 'it holds no config';
}

const isHeard = ({ kind }: HostWatch): boolean => kind === 'healthy' || kind === 'config_lost';

const sinceOf = (state: HostWatch, kind: HostWatch['kind'], at: number): number =>
  state.kind === kind ? state.since : at;
