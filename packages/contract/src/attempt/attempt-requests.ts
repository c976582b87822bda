import { z } from 'zod';
import { anyText, durationIn, line, lines, PageQuery, searched } from '../fields.ts';
import { AttemptKind, AttemptState, HostState } from './attempt.ts';
import { configPushFailureKinds } from './config-push-failure.ts';

/** A list of hosts has as much text as a request may have. */
const MAX_TEXT = 4_194_304;

/** Values of config keys, by key name; each is checked by the key's own codec. */
export const ConfigOverrides = z.record(line(200), z.union([anyText(100_000), z.number(), z.boolean()]));

/** What an attempt may cost others; without them, what it would cost is refused with a list of it. */
const permissions = {
  /** It may take the place of a mesh of its name that has other hosts, another order or shape, and end what runs there. */
  replace: z.boolean().optional(),
  /** It may take hosts over that other meshes of this console use. */
  takeOver: z.boolean().optional(),
};

/** Body of `POST /attach-attempts` and `POST /preflight`. */
export const AttachRequest = z.strictObject({
  /** Name of the mesh: a label of reference section 2.2. */
  mesh: line(200),
  /** Addresses, or a host list with ranges and comments (design section 4). */
  hosts: z.union([lines(MAX_TEXT), z.array(line(100_000))]),
  /** Labelled sizes whose product is the number of hosts; `hosts=N` when absent. */
  extent: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,62}$/, 'a dimension is named like `hosts`: lower case, digits, `_`'),
      z.int().min(1),
    )
    .optional(),
  config: ConfigOverrides.optional(),
  /** Total deadline, a duration; the snapshot's MESH_ATTACH_CONFIG_TIMEOUT when absent. */
  timeout: durationIn.optional(),
  /** How long to keep dialling hosts that refuse, a duration; `0s` when absent. */
  waitForHosts: durationIn.optional(),
  ...permissions,
});
export type AttachRequest = z.infer<typeof AttachRequest>;

/**
 * Body of `POST /meshes/{id}/push-config`. What is pushed is what the mesh was last given, changed by `config`: all
 * its hosts end up with one config, whatever the API's own has become meanwhile.
 */
export const PushConfigRequest = z.strictObject({
  config: ConfigOverrides.optional(),
  timeout: durationIn.optional(),
  takeOver: permissions.takeOver,
});
export type PushConfigRequest = z.infer<typeof PushConfigRequest>;

/**
 * Body of the retry route. An attach is of all its hosts or none, and a failed attach leaves nothing behind:
 * so a retry always makes an attempt of the whole mesh. With `failed`, the hosts that failed are dialled first,
 * and the others only when all of those have installed; with `all`, everybody at once. With `installed`, the mesh is
 * attached without the hosts that failed: a smaller one, of those that had installed.
 */
export const RetryRequest = z.strictObject({
  only: z.enum(['failed', 'all', 'installed']),
  timeout: durationIn.optional(),
  waitForHosts: durationIn.optional(),
  ...permissions,
});
export type RetryRequest = z.infer<typeof RetryRequest>;

/** Filters of `GET /attach-attempts`. */
export const AttemptListQuery = PageQuery.extend({
  kind: AttemptKind.optional(),
  state: AttemptState.optional(),
  mesh: line(63).optional(),
  q: searched.optional(),
});
export type AttemptListQuery = z.infer<typeof AttemptListQuery>;

/** Filters of `GET /attach-attempts/{id}/hosts`. */
export const HostResultQuery = PageQuery.extend({
  state: HostState.optional(),
  kind: z.enum(configPushFailureKinds).optional(),
  /** Failure code, as in `ECONNREFUSED`. */
  code: line(100).optional(),
  restore: z.enum(['pending', 'restored', 'not_needed', 'residue']).optional(),
  /** Only hosts that installed it and on which some key of it has no effect, or only the others. */
  withoutEffect: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  /** Part of an address or host id. */
  q: searched.optional(),
});
export type HostResultQuery = z.infer<typeof HostResultQuery>;
