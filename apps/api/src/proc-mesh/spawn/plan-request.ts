import { spawnDefaults, type CommandRequest, type SpawnRequest } from '@hostmesh/contract';
import {
  type ConfigAttrs,
  countOf,
  extentOf,
  extentOfRegion,
  fail,
  findConfigKey,
  MAX_DURATION_MS,
  numRanks,
  ok,
  oneOrMany,
  parseDuration,
  printDuration,
  PROC_SPAWN_MAX_IDLE,
  type ProcMeshId,
  valueIn,
} from '@hostmesh/core';
import {
  planSpawn,
  type BootstrapCommand,
  type HostMeshRef,
  type SpawnPlan,
  type SpawnRefusal,
} from '@hostmesh/host-mesh';
import type { ProcBind, RestartPolicy } from '@hostmesh/protocol';
import { readDuration } from '../../problem/read-duration.ts';
import { invalidRequest, type FieldError, type RouteResult } from '../../problem/route-fault.ts';
import type { StoredRequest } from '../../proc/stored-request.ts';
import { readReadiness, type PlannedReadiness } from './read-readiness.ts';

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
export function planRequest(request: SpawnRequest, context: SpawnContext): RouteResult<PlannedRequest> {
  const { id, ref, attrs, maxProcs } = context;
  const perHost = extentOf(request.perHost);
  const total = numRanks(extentOfRegion(ref.region)) * numRanks(perHost);
  if (!(total <= maxProcs)) {
    const message = `makes more than the ${countOf(maxProcs, 'proc')} that one proc mesh may have`;
    return fail(invalidRequest([{ field: 'perHost', message }]));
  }
  const errors: FieldError[] = [];
  const perRank = readPerRank(request, total, errors);
  const readiness = readAllReadiness(request, perRank, attrs, errors);
  const restart = readRestart(request.restart, errors);
  const timeoutMs =
    readDuration(request.timeout, { field: 'timeout', minMs: 1 }, errors) ??
    Math.min(readiness.slowestMs + valueIn(attrs, PROC_SPAWN_MAX_IDLE), MAX_DURATION_MS);
  const ttlMs = durationIn(attrs, 'MESH_ORPHAN_TIMEOUT');
  const keep = request.keep ?? false;
  const command = bootstrapOf(request.command);
  const planned = planSpawn(ref, {
    id,
    name: request.name,
    perHost,
    command,
    ...(perRank.size > 0 && {
      perRankBootstrap: (_point: unknown, rank: number) => overlaid(command, perRank.get(rank)),
    }),
    ...(request.procBind && { procBind: request.procBind.map(bindOf) }),
    readiness: (rank, slot) => readiness.ofRank(rank).of(slot),
    readyTimeoutMs: (rank) => readiness.ofRank(rank).timeoutMs,
    restart,
    keep,
    ttlMs,
    timeoutMs,
  });
  if (!planned.ok) errors.push({ field: planned.fault.field, message: planned.fault.message });
  if (!planned.ok || errors.length > 0) return fail(invalidRequest(errors.slice(0, MAX_ERRORS)));
  const stored: StoredRequest = {
    ...request,
    readiness: readiness.ofAll.request,
    restart: {
      policy: restart.policy,
      limit: restart.limit,
      backoff: printDuration(restart.backoffMs),
      maxBackoff: printDuration(restart.maxBackoffMs),
    },
    keep,
    timeout: printDuration(timeoutMs),
    ttlMs,
  };
  return ok({ plan: planned.value, request: stored });
}

type PerRank = NonNullable<SpawnRequest['perRank']>[string];

/** By rank, every rank there is. */
function readPerRank(request: SpawnRequest, total: number, errors: FieldError[]): Map<number, PerRank> {
  const byRank = new Map<number, PerRank>();
  for (const [text, own] of Object.entries(request.perRank ?? {})) {
    const rank = Number(text);
    const field = `perRank.${text}`;
    if (rank >= total)
      errors.push({
        field,
        message: `there ${oneOrMany(total, 'is', 'are')} ${countOf(total, 'rank')}, counted from 0`,
      });
    else if (byRank.has(rank)) errors.push({ field, message: `rank ${rank} is there twice` });
    else byRank.set(rank, own);
  }
  return byRank;
}

interface AllReadiness {
  readonly ofAll: PlannedReadiness;
  readonly ofRank: (rank: number) => PlannedReadiness;
  /** The longest time that any rank has. */
  readonly slowestMs: number;
}

/** The readiness of all ranks, and of those that have one of their own. */
function readAllReadiness(
  request: SpawnRequest,
  perRank: ReadonlyMap<number, PerRank>,
  attrs: ConfigAttrs,
  errors: FieldError[],
): AllReadiness {
  const slots = numRanks(extentOf(request.perHost));
  // 0 waits for as long as the spawn does.
  const defaultTimeoutMs = durationIn(attrs, 'HOST_SPAWN_READY_TIMEOUT') ?? 0;
  const read = (given: SpawnRequest['readiness'], field: string) =>
    readReadiness(given, { field, slots, defaultTimeoutMs }, errors);
  const ofAll = read(request.readiness, 'readiness');
  const own = new Map<number, PlannedReadiness>();
  for (const [rank, { readiness }] of perRank) {
    if (readiness !== undefined) own.set(rank, read(readiness, `perRank.${rank}.readiness`));
  }
  const timeouts = [ofAll, ...own.values()].map(({ timeoutMs }) => timeoutMs || MAX_DURATION_MS);
  return { ofAll, ofRank: (rank) => own.get(rank) ?? ofAll, slowestMs: Math.max(...timeouts) };
}

function readRestart(given: SpawnRequest['restart'], errors: FieldError[]): RestartPolicy {
  const { policy, limit = spawnDefaults.restartLimit, backoff, maxBackoff } = given ?? { policy: 'never' };
  const backoffMs =
    readDuration(backoff ?? spawnDefaults.backoff, { field: 'restart.backoff', minMs: 0 }, errors) ?? 0;
  const maxBackoffMs =
    readDuration(maxBackoff, { field: 'restart.maxBackoff', minMs: 0 }, errors) ??
    Math.max(backoffMs, defaultMs(spawnDefaults.maxBackoff));
  if (maxBackoffMs < backoffMs) {
    errors.push({ field: 'restart.maxBackoff', message: 'must not be less than backoff' });
  }
  return { policy, limit, backoffMs, maxBackoffMs, resetAfterMs: RESET_AFTER_MS };
}

/** Defaults of our own parse. */
function defaultMs(text: string): number {
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.value : 0;
}

/** The value in milliseconds; null for one that is the empty text. Snapshots hold values that were checked. */
function durationIn(attrs: ConfigAttrs, key: string): number | null {
  const text = attrs[key] ?? findConfigKey(key)?.defaultValue ?? '';
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.value : null;
}

const bootstrapOf = (command: CommandRequest): BootstrapCommand => ({
  program: command.program,
  args: command.args ?? [],
  arg0: command.arg0 ?? null,
  env: command.env ?? {},
  cwd: command.cwd ?? null,
  runAs: command.runAs ?? null,
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
    runAs: own.runAs ?? command.runAs,
  };
}

const bindOf = (bind: NonNullable<SpawnRequest['procBind']>[number]): ProcBind => ({
  cpunodebind: bind.cpunodebind ?? null,
  membind: bind.membind ?? null,
  physcpubind: bind.physcpubind ?? null,
  cpus: bind.cpus ?? null,
});

/** What of a command hosts refuse by a code, where it is not the program. */
const refusedParts: Readonly<Record<string, 'arg0' | 'env' | 'cwd' | 'runAs'>> = {
  arg0_refused: 'arg0',
  env_refused: 'env',
  cwd_refused: 'cwd',
  run_as_refused: 'runAs',
};

/** The fields of a request that hosts cannot follow, each with what they say and how many do. */
export function refusedFields(
  request: Pick<SpawnRequest, 'perRank'>,
  refusals: readonly SpawnRefusal[],
): readonly FieldError[] {
  const fieldOf = (rank: number, code: string): string => {
    if (code === 'bind_unavailable') return 'procBind';
    const part = refusedParts[code] ?? 'program';
    return request.perRank?.[rank]?.[part] === undefined ? `command.${part}` : `perRank.${rank}.${part}`;
  };
  const said = refusals.flatMap(({ ranks, ...refusal }) =>
    [...new Set(ranks.map((rank) => fieldOf(rank, refusal.code)))].map((field) => ({ ...refusal, field })),
  );
  const alike = Map.groupBy(said, ({ field, message }) => `${field} ${message}`);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const also = others.length === 0 ? '' : ` and ${countOf(others.length, 'other host')}`;
    return [{ field: first.field, message: `${first.message} (${first.address}${also})` }];
  });
}
