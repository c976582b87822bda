import type { Hello, InstalledConfig } from '@hostmesh/protocol';
import type { ConfigPushFailure } from '../push/config-push-failure.ts';
import type { ConfigDiff } from './config-diff.ts';

/** Something to look at before attaching. */
export interface PreflightWarning {
  readonly code:
    | 'loopback_address' // it means another machine on every machine, and the mesh has several
    | 'wildcard_address' // an address to listen on, not to dial
    | 'host_id_conflict' // another address of the mesh leads to the same host, or to one that claims to be the same
    | 'clock' // its clock is off by seconds or more
    | 'other_owner' // another client's config would be replaced
    | 'lifecycle' // the host is draining or leaving service
    | 'unknown_keys'; // the host's agent does not know some keys of the snapshot
  readonly message: string;
  /** Whether the host would refuse to install. */
  readonly fails?: true;
}

/** What a preflight learned of one host, to which no config was sent. */
export interface PreflightHostReport extends ConfigDiff {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  /** Why the host could not be looked at; null when it could. */
  readonly failure: ConfigPushFailure | null;
  /** Null unless the host said hello. */
  readonly hello: Hello | null;
  /** What the client layer is now; null when the host could not be looked at. */
  readonly config: InstalledConfig | null;
  readonly connectMs: number | null;
  readonly warnings: readonly PreflightWarning[];
}

export interface PreflightReport {
  /** Of the snapshot that an attach would send. */
  readonly digest: string;
  /** In rank order, complete. */
  readonly hosts: readonly PreflightHostReport[];
}
