import { isOwnLimit, printConfigPushFailure, type ConfigPushFailure } from './config-push-failure.ts';

/** One host that did not install the config. */
export interface ConfigPushErrorEntry {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  /** Absent when the host never said hello. */
  readonly hostId?: string;
  readonly failure: ConfigPushFailure;
}

/**
 * Exactly the hosts that failed, in rank order (rule HM-4, reference section 5.4). A plain value: no single
 * cause is exposed for the aggregate, as it would single out one host (reference section 6.4).
 */
export interface ConfigPushError {
  readonly entries: readonly ConfigPushErrorEntry[];
  /** The header and one line per host, as design section 7.2 has it. */
  readonly message: string;
}

/** What the push was part of; names it in the header of the printed error. */
export type PushOccasion = 'attach' | 'push' | 'heal';

/** Makes the error of a push; `failed` are in rank order and not empty. What we ran out of ourselves names no host. */
export function configPushError(
  occasion: PushOccasion,
  failed: readonly ConfigPushErrorEntry[],
): ConfigPushError {
  const own = failed.find(({ failure }) => isOwnLimit(failure));
  const entries = failed.filter(({ failure }) => !isOwnLimit(failure));
  const lines = entries.length > 0 || own === undefined ? [printConfigPushError(occasion, entries)] : [];
  if (own !== undefined) {
    lines.push(
      `config push failed during ${occasion}: ${printConfigPushFailure(own.failure)}; no host is to blame`,
    );
  }
  return { entries, message: lines.join('\n') };
}

function printConfigPushError(occasion: PushOccasion, entries: readonly ConfigPushErrorEntry[]): string {
  const lines = entries.map(({ address, failure }) => `  - ${address}: ${printConfigPushFailure(failure)}`);
  return [`config push failed during ${occasion} on ${entries.length} host(s):`, ...lines].join('\n');
}
