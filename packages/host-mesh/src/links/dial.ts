import { fail, type ChannelAddress, type Result } from '@hostmesh/core';
import type { Connection, ConnectFault, ConnectOptions, Transport } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';
import { printElapsed } from '../push/config-push-failure.ts';

export type DialOutcome = Result<Connection, ConnectFault>;

export interface DialOptions extends ConnectOptions {
  readonly signal: AbortSignal;
  /** Gives up on this dial alone after so long; null for as long as `signal` allows. */
  readonly limitMs: number | null;
}

/** Dials once. When the limit ends it, the fault is a retryable `ETIMEDOUT`; when `signal` does, `ABORTED`. */
export async function dial(
  transport: Transport,
  address: ChannelAddress,
  clock: Clock,
  { limitMs, ...options }: DialOptions,
): Promise<DialOutcome> {
  if (limitMs === null) return transport.connect(address, options);
  const limit = new AbortController();
  const cancelTimer = clock.after(limitMs, () => limit.abort());
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const outcome = await transport.connect(address, { ...options, signal });
  cancelTimer();
  if (outcome.ok || outcome.fault.code !== 'ABORTED' || options.signal.aborted) return outcome;
  const message = `no answer within ${printElapsed(limitMs)}`;
  return fail({ ...outcome.fault, code: 'ETIMEDOUT', message, retryable: true });
}
