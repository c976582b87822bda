import { isOwnVariable } from '@hostmesh/core';
import { z } from 'zod';
import { anyText, durationIn, line } from '../fields.ts';
import { MAX_PROCS } from './limits.ts';

const Text = line(4096);
const LongText = anyText(100_000);
const Environment = z.record(
  z
    .string()
    .max(1000)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable is named with letters, digits and `_`')
    .refine((name) => !isOwnVariable(name), 'is set by Hostmesh itself, for each proc'),
  LongText,
);

/**
 * What to run. The program is looked up on the host and must be on its agent's allow-list; where that does not have all, the
 * agent also has to allow each name of `env`, and `cwd`, and `arg0` is the program's own name. No shell is involved.
 */
export const CommandRequest = z.strictObject({
  program: Text.min(1, 'a program is needed'),
  args: z.array(LongText).max(10_000).optional(),
  arg0: Text.optional(),
  env: Environment.optional(),
  cwd: Text.startsWith('/', 'must be an absolute path').optional(),
  /** One of the users of the agent's --run-as, as it is written there; the first of them when absent. */
  runAs: line(200).min(1, 'a user is needed').optional(),
});
export type CommandRequest = z.infer<typeof CommandRequest>;

const port = z.int().min(1).max(65_535);
/** When a proc counts as ready; `timeout` is HOST_SPAWN_READY_TIMEOUT of the mesh's config when absent. */
export const ReadinessRequest = z.discriminatedUnion('kind', [
  /** Alive for so long, `250ms` when absent. */
  z.strictObject({ kind: z.literal('alive'), for: durationIn.optional(), timeout: durationIn.optional() }),
  /** It writes a line to the descriptor whose number is in HOSTMESH_READY_FD. */
  z.strictObject({ kind: z.literal('descriptor'), timeout: durationIn.optional() }),
  /** Something accepts connections on this port; `perSlot` adds the proc's slot on its host to it. */
  z.strictObject({
    kind: z.literal('tcp'),
    port,
    perSlot: z.boolean().optional(),
    timeout: durationIn.optional(),
  }),
  z.strictObject({
    kind: z.literal('http'),
    port,
    path: z
      .string()
      .max(1000)
      .startsWith('/', 'must start with `/`')
      .regex(/^[\x21-\x7e]*$/, 'must be as it is sent: other characters as %20'),
    perSlot: z.boolean().optional(),
    timeout: durationIn.optional(),
  }),
  /** A line of output contains this text. */
  z.strictObject({
    kind: z.literal('output'),
    contains: anyText(1000).min(1, 'a text is needed'),
    timeout: durationIn.optional(),
  }),
]);
export type ReadinessRequest = z.infer<typeof ReadinessRequest>;

/** What happens after an end that nobody asked for. */
export const RestartRequest = z.strictObject({
  policy: z.enum(['never', 'on_failure', 'always']),
  /** Restarts in a row, 5 when absent. */
  limit: z.int().min(0).max(1000).optional(),
  /** Pause before the first restart, `1s` when absent; it doubles, with jitter, up to `maxBackoff` (`30s`). */
  backoff: durationIn.optional(),
  maxBackoff: durationIn.optional(),
});
export type RestartRequest = z.infer<typeof RestartRequest>;

/** Where a slot's process may run (reference 9.4): the first three by `numactl`, `cpus` by `taskset`. */
export const ProcBindRequest = z.strictObject({
  cpunodebind: line(1000).optional(),
  membind: line(1000).optional(),
  physcpubind: line(1000).optional(),
  cpus: line(1000).optional(),
});
export type ProcBindRequest = z.infer<typeof ProcBindRequest>;

/** Body of `POST /meshes/{id}/proc-meshes`. */
export const SpawnRequest = z.strictObject({
  /** For people; the id's label is made from it. */
  name: line(200).min(1, 'a name is needed'),
  /** Labelled sizes per host; `{}` is one proc per host. */
  perHost: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'a dimension is named like `gpus`: lower case, digits, `_`'),
      z.int().min(0).max(MAX_PROCS),
    )
    .default({}),
  command: CommandRequest,
  /** By create rank: what differs there. Its `env` is added to that of `command`, all else replaces it. */
  perRank: z
    .record(
      z.string().regex(/^\d{1,9}$/, 'a rank is a number'),
      CommandRequest.partial().extend({ readiness: ReadinessRequest.optional() }),
    )
    .optional(),
  /** One entry per slot of a host. */
  procBind: z.array(ProcBindRequest).max(1000).optional(),
  readiness: ReadinessRequest.optional(),
  restart: RestartRequest.optional(),
  /** The procs outlive their host agent, and a restarted agent adopts them. */
  keep: z.boolean().optional(),
  /** Total deadline until every rank is ready; by default as long as readiness may take, and some. */
  timeout: durationIn.optional(),
});
export type SpawnRequest = z.infer<typeof SpawnRequest>;
