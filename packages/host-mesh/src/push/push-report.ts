import type { KeyWithoutEffect, Owner, ShadowReport } from '@hostmesh/protocol';
import type { HostRestore } from '../restore/restore-config.ts';
import type { ConfigPushFailure } from './config-push-failure.ts';
import type { HostPushKind } from './host-push-state.ts';

/** What is known of one host of a push. */
export interface HostReport {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  /** Null until the host has said hello. */
  readonly hostId: string | null;
  readonly agentVersion: string | null;
  readonly state: HostPushKind;
  /** Null unless `state` is `failed`. */
  readonly failure: ConfigPushFailure | null;
  /** Null while the push may still succeed, and for good when it did. */
  readonly restore: HostRestore | null;
  /** From the first dial to the hello; null before that, and when the connection was open already. */
  readonly connectMs: number | null;
  /** From sending the request to its acknowledgement. */
  readonly ackMs: number | null;
  /** The greatest epoch that it has seen by installing; null before that. */
  readonly epoch: number | null;
  /** Keys whose pushed value does not take effect, with the layer that wins there. */
  readonly shadowedKeys: readonly ShadowReport[];
  /** Keys that the host's agent does not know; it keeps them without using them. */
  readonly unknownKeys: readonly string[];
  /** The other client whose config this push replaced. */
  readonly tookOverFrom: Owner | null;
}

/** Keys of a push that have no effect on this host, whether another layer wins or its agent does not know them. */
export const keysWithoutEffect = (
  host: Pick<HostReport, 'shadowedKeys' | 'unknownKeys'> | undefined,
): KeyWithoutEffect[] => [
  ...(host?.shadowedKeys ?? []),
  ...(host?.unknownKeys ?? []).map((key) => ({ key, layer: null })),
];

/** A host that changed: its whole report as of now, so that applying one twice changes nothing. */
export type HostChange = HostReport;

/** What became of one push. A later report of the same push differs in `restore` alone. */
export interface PushReport {
  readonly epoch: number;
  readonly digest: string;
  /** In rank order, complete. */
  readonly hosts: readonly HostReport[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Until the verdict, that is without the cleaning up. */
  readonly durationMs: number;
}
