import { callOpen } from '../call/host-calls.ts';
import type { Clock } from '../clock/clock.ts';
import type { HostLinks } from '../links/host-links.ts';
import { PerHostTimer } from './per-host-timer.ts';

export interface LeaseDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly links: HostLinks;
  /** The host says that it has no procs of this mesh, which we vouch for. */
  readonly onUnknown: (hostRank: number, procMeshId: string) => void;
}

/**
 * Vouches for procs at their hosts (reference section 12.4), as a duration that the host counts by its own clock. Every
 * host has a timer of its own, apart from that of polls, so that a silent host lets nobody else's lease run out.
 */
export class LeaseKeeper {
  readonly #deps: LeaseDeps;
  readonly #rounds: PerHostTimer;
  readonly #over = new AbortController();
  /** By host rank, how long each proc mesh is vouched for there. */
  readonly #leases = new Map<number, Map<string, number>>();

  constructor(deps: LeaseDeps) {
    this.#deps = deps;
    this.#rounds = new PerHostTimer(deps.clock, (hostRank) => this.#vouch(hostRank));
  }

  /**
   * Vouches for the procs of this mesh on this host from now on; until the first keepalive its lease counts from the
   * spawn.
   */
  hold(hostRank: number, procMeshId: string, ttlMs: number): void {
    const leases = this.#leases.get(hostRank) ?? new Map<string, number>();
    this.#leases.set(hostRank, leases.set(procMeshId, ttlMs));
    const periodMs = leasePeriodMs(leases.values());
    // Rounds that come often enough go on: starting them anew with every mesh would delay the keepalives of the others.
    if ((this.#rounds.periodMs(hostRank) ?? Infinity) <= periodMs) return;
    // Spread, so that a thousand hosts are not asked in one turn.
    this.#rounds.start(hostRank, periodMs, periodMs * (0.5 + this.#deps.random() / 2));
  }

  release(hostRank: number, procMeshId: string): void {
    const leases = this.#leases.get(hostRank);
    if (leases?.delete(procMeshId) !== true || leases.size > 0) return;
    this.#leases.delete(hostRank);
    this.#rounds.stop(hostRank);
  }

  /** Vouches at once at a host that is heard again, before more of its leases run out. */
  hostHeard(hostRank: number): void {
    this.#rounds.hurry(hostRank);
  }

  close(): void {
    this.#over.abort();
    this.#rounds.close();
  }

  async #vouch(hostRank: number): Promise<void> {
    const leases = this.#leases.get(hostRank);
    const { clock, links } = this.#deps;
    const connection = links.get(hostRank);
    if (leases === undefined || connection === undefined) return;
    const procMeshes = [...leases].map(([procMeshId, ttlMs]) => ({ procMeshId, ttlMs }));
    const answer = await callOpen(
      connection,
      { type: 'keepalive', id: links.nextRequestId('lease'), procMeshes },
      { clock, timeoutMs: leasePeriodMs(leases.values()), signal: this.#over.signal },
    );
    for (const procMeshId of answer?.unknownProcMeshes ?? []) this.#deps.onUnknown(hostRank, procMeshId);
  }
}

/** So many keepalives fit into the shortest lease: three in a row may get lost. */
const PER_LEASE = 4;

/** How often a host must hear of leases of these lengths, all in milliseconds. */
const leasePeriodMs = (ttlsMs: Iterable<number>): number => Math.max(1, Math.min(...ttlsMs) / PER_LEASE);
