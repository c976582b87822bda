import type { HostTarget } from '../ref/host-target.ts';
import type { HostPush } from './host-push.ts';
import type { HostReport, Restore } from './push-report.ts';

/** One host of a running push. */
export interface PushHost extends HostTarget {
  push: HostPush;
  restore: Restore | null;
}

export const queuedHost = ({ rank, address, text }: HostTarget): PushHost => ({
  rank,
  address,
  text,
  push: { kind: 'queued' },
  restore: null,
});

/** What is known of the host now. */
export function hostReport({ rank, text, push, restore }: PushHost): HostReport {
  const host = 'host' in push ? push.host : null;
  const ack = push.kind === 'installed' ? push.ack : null;
  return {
    rank,
    address: text,
    hostId: host?.hostId ?? null,
    agentVersion: host?.agentVersion ?? null,
    state: push.kind,
    failure: push.kind === 'failed' ? push.failure : null,
    restore,
    connectMs: 'connectMs' in push ? push.connectMs : null,
    ackMs: push.kind === 'installed' ? push.ackMs : null,
    shadowedKeys: ack?.shadowed ?? [],
    unknownKeys: ack?.unknownKeys ?? [],
    tookOverFrom: ack?.tookOverFrom ?? null,
  };
}
