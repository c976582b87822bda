import {
  spawnDefaults,
  type CommandRequest,
  type ReadinessRequest,
  type SpawnRequest,
} from '@hostmesh/contract';
import {
  extentOf,
  extentOfRegion,
  fail,
  MAX_WAIT_MS,
  numRanks,
  ok,
  parseDuration,
  printDuration,
  PROC_SPAWN_MAX_IDLE,
  valueIn,
  type ConfigAttrs,
  type ProcMeshId,
} from '@hostmesh/core';
import { planSpawn, type BootstrapCommand, type HostMeshRef, type SpawnPlan } from '@hostmesh/host-mesh';
import type { ProcBind, Readiness, RestartPolicy } from '@hostmesh/protocol';
import { invalidRequest, type RouteResult, type FieldError } from '../../problem/route-fault.ts';
import { orphanTimeoutMs, readyTimeoutMs } from './spawn-config.ts';
import type { StoredRequest } from '../../proc/stored-request.ts';

/** A spawn that has passed every check: what the engine does, and what is stored of the request. */
export interface PlannedRequest {
  readonly plan: SpawnPlan;
  readonly request: StoredRequest;
}

/** What a request is checked against. */
export interface SpawnContext {
  readonly id: ProcMeshId;
  readonly ref: HostMeshRef;
  /** The config that the mesh was last given. */
  readonly attrs: ConfigAttrs;
  readonly maxProcs: number;
}

const MAX_ERRORS = 100;
/** A process that was ready for so long has started well: its restarts are counted anew. */
const RESET_AFTER_MS = 60_000;

/** Checks everything that can be checked before a host is asked, and names every field that is wrong. */
export function planRequest(request: SpawnRequest, ground: SpawnContext): RouteResult<PlannedRequest> {
  const checks = new Checks(request, ground);
  const checked = checks.run();
  if (checks.errors.length > 0 || checked === undefined) {
    return fail(invalidRequest(checks.errors.slice(0, MAX_ERRORS)));
  }
  return ok(checked);
}

interface Ready {
  readonly of: (slot: number) => Readiness;
  readonly timeoutMs: number;
  /** As it is stored, defaults filled in. */
  readonly request: ReadinessRequest;
}

class Checks {
  readonly errors: FieldError[] = [];
  readonly #request: SpawnRequest;
  readonly #ground: SpawnContext;

  constructor(request: SpawnRequest, ground: SpawnContext) {
    this.#request = request;
    this.#ground = ground;
  }

  run(): PlannedRequest | undefined {
    const { attrs, ref, maxProcs } = this.#ground;
    const request = this.#request;
    const slots = numRanks(extentOf(request.perHost));
    const total = numRanks(extentOfRegion(ref.region)) * slots;
    if (!(total <= maxProcs)) {
      this.#wrong('perHost', `makes more than the ${maxProcs} procs that one proc mesh may have`);
      return undefined;
    }
    const perRank = this.#perRank(total);
    const readiness = this.#readiness(request.readiness, 'readiness', slots);
    const ownReadiness = new Map<number, Ready>();
    for (const [rank, { readiness: own }] of perRank) {
      if (own !== undefined) {
        ownReadiness.set(rank, this.#readiness(own, `perRank.${rank}.readiness`, slots));
      }
    }
    const restart = this.#restart();
    const slowestMs = Math.max(
      ...[readiness, ...ownReadiness.values()].map(({ timeoutMs }) => timeoutMs || MAX_WAIT_MS),
    );
    const timeoutMs =
      this.#duration('timeout', request.timeout, 1) ??
      Math.min(slowestMs + valueIn(attrs, PROC_SPAWN_MAX_IDLE), MAX_WAIT_MS);
    const ttlMs = orphanTimeoutMs(attrs);
    const command = bootstrapOf(request.command);
    const planned = planSpawn(ref, {
      id: this.#ground.id,
      name: request.name,
      perHost: extentOf(request.perHost),
      command,
      ...(perRank.size > 0 && {
        perRankBootstrap: (_point: unknown, rank: number) => overlaid(command, perRank.get(rank)),
      }),
      ...(request.procBind && { procBind: request.procBind.map(bindOf) }),
      readiness: (rank, slot) => (ownReadiness.get(rank) ?? readiness).of(slot),
      readyTimeoutMs: (rank) => (ownReadiness.get(rank) ?? readiness).timeoutMs,
      restart,
      keep: request.keep ?? false,
      ttlMs,
      timeoutMs,
    });
    if (!planned.ok) {
      this.#wrong(planned.fault.field, planned.fault.message);
      return undefined;
    }
    const stored: StoredRequest = {
      ...request,
      readiness: readiness.request,
      restart: {
        policy: restart.policy,
        limit: restart.limit,
        backoff: printDuration(restart.backoffMs),
        maxBackoff: printDuration(restart.maxBackoffMs),
      },
      keep: request.keep ?? false,
      timeout: printDuration(timeoutMs),
      ttlMs,
    };
    return { plan: planned.value, request: stored };
  }

  /** By rank, every rank there is. */
  #perRank(total: number): Map<number, PerRank> {
    const byRank = new Map<number, PerRank>();
    for (const [text, own] of Object.entries(this.#request.perRank ?? {})) {
      const rank = Number(text);
      if (rank >= total) this.#wrong(`perRank.${text}`, `there are ${total} ranks, counted from 0`);
      else if (byRank.has(rank)) this.#wrong(`perRank.${text}`, `rank ${rank} is there twice`);
      else byRank.set(rank, own);
    }
    return byRank;
  }

  #readiness(
    given: ReadinessRequest = { kind: 'alive', for: spawnDefaults.aliveFor },
    field: string,
    slots: number,
  ): Ready {
    const timeoutMs =
      this.#duration(`${field}.timeout`, given.timeout, 0) ?? readyTimeoutMs(this.#ground.attrs);
    const request = { ...given, timeout: printDuration(timeoutMs) };
    switch (given.kind) {
      case 'alive': {
        const forMs = this.#duration(`${field}.for`, given.for ?? spawnDefaults.aliveFor, 0) ?? 0;
        return {
          of: () => ({ kind: 'alive', forMs }),
          timeoutMs,
          request: { kind: 'alive', for: printDuration(forMs), timeout: request.timeout },
        };
      }
      case 'descriptor':
        return { of: () => ({ kind: 'descriptor' }), timeoutMs, request };
      case 'output':
        return { of: () => ({ kind: 'output', contains: given.contains }), timeoutMs, request };
      case 'tcp':
      case 'http': {
        const { port, perSlot = false } = given;
        if (perSlot && port + slots - 1 > 65_535) {
          this.#wrong(`${field}.port`, `with ${slots} slots ports go up to ${port + slots - 1}: above 65535`);
        }
        const path = given.kind === 'http' ? given.path : null;
        const of = (slot: number): Readiness => {
          const own = perSlot ? port + slot : port;
          return path === null ? { kind: 'tcp', port: own } : { kind: 'http', port: own, path };
        };
        return { of, timeoutMs, request };
      }
    }
  }

  #restart(): RestartPolicy {
    const given = this.#request.restart ?? { policy: 'never' };
    const { policy, limit = spawnDefaults.restartLimit } = given;
    const backoffMs = this.#duration('restart.backoff', given.backoff ?? spawnDefaults.backoff, 0) ?? 0;
    const maxBackoffMs =
      this.#duration('restart.maxBackoff', given.maxBackoff, 0) ??
      Math.max(backoffMs, parsed(spawnDefaults.maxBackoff));
    if (maxBackoffMs < backoffMs) this.#wrong('restart.maxBackoff', 'must not be less than backoff');
    return { policy, limit, backoffMs, maxBackoffMs, resetAfterMs: RESET_AFTER_MS };
  }

  #duration(field: string, text: string | undefined, minMs: number): number | undefined {
    if (text === undefined) return undefined;
    const read = parseDuration(text);
    if (!read.ok) this.#wrong(field, read.fault.message);
    else if (read.value < minMs || read.value > MAX_WAIT_MS) {
      this.#wrong(field, `must be from ${printDuration(minMs)} to ${printDuration(MAX_WAIT_MS)}`);
    } else return read.value;
    return undefined;
  }

  #wrong(field: string, message: string): void {
    this.errors.push({ field, message });
  }
}

type PerRank = NonNullable<SpawnRequest['perRank']>[string];

/** Defaults of our own parse. */
const parsed = (text: string) => {
  const read = parseDuration(text);
  return read.ok ? read.value : 0;
};

const bootstrapOf = (command: CommandRequest): BootstrapCommand => ({
  program: command.program,
  args: command.args ?? [],
  arg0: command.arg0 ?? null,
  env: command.env ?? {},
  cwd: command.cwd ?? null,
});

/** What a rank has of its own replaces what all have, but for its environment, which is added. */
function overlaid(command: BootstrapCommand, own: PerRank | undefined): BootstrapCommand {
  if (own === undefined) return command;
  return {
    program: own.program ?? command.program,
    args: own.args ?? command.args,
    arg0: own.arg0 ?? command.arg0,
    env: { ...command.env, ...own.env },
    cwd: own.cwd ?? command.cwd,
  };
}

const bindOf = (bind: NonNullable<SpawnRequest['procBind']>[number]): ProcBind => ({
  cpunodebind: bind.cpunodebind ?? null,
  membind: bind.membind ?? null,
  physcpubind: bind.physcpubind ?? null,
  cpus: bind.cpus ?? null,
});
