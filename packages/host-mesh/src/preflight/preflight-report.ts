import type { Hello, ShadowedKey } from '@hostmesh/protocol';
import type { ConfigPushFailure } from '../push/config-push-failure.ts';

/** How the effective value of one key would change on a host; null where the key would have, or has, no value. */
export interface ConfigChange {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Something to look at before attaching; it does not keep an attach from succeeding, except `newer_epoch`. */
export interface PreflightWarning {
  readonly code:
    | 'loopback_address' // an address that means another machine on every machine, in a mesh of several
    | 'wildcard_address' // an address to listen on, not to dial
    | 'same_host' // another address of the list leads to the same host
    | 'other_owner' // another client's config would be replaced
    | 'lifecycle' // the host is draining or leaving service
    | 'newer_epoch' // the host has seen a newer push than the one planned, which it would refuse
    | 'unknown_keys'; // the host's agent does not know some keys of the snapshot
  readonly message: string;
}

/** What a preflight learned of one host, to which no config was sent. */
export interface PreflightHost {
  readonly rank: number;
  /** Printed native form. */
  readonly address: string;
  /** Why the host could not be looked at; null when it could. */
  readonly failure: ConfigPushFailure | null;
  /** Null until the host has said hello. */
  readonly hello: Hello | null;
  readonly connectMs: number | null;
  /** Changes of effective values that an attach would make, sorted by key. */
  readonly changes: readonly ConfigChange[];
  readonly shadowedKeys: readonly ShadowedKey[];
  readonly warnings: readonly PreflightWarning[];
}
