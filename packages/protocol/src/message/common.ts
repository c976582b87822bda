import { MAX_DURATION_MS } from '@hostmesh/core';
import { z } from 'zod';

/** Path and subprotocol of the control channel (design section 5). */
export const AGENT_PATH = '/agent/v1';
export const SUBPROTOCOL = 'hostmesh.agent.v1';
export const PROTOCOL_VERSION = 3;

/** Longest frame that either side accepts, in bytes, unless configured otherwise. */
export const MAX_FRAME_BYTES = 1_048_576;

/** Text that comes from the other side: bounded, so that it can be shown and stored. */
export const text = (max: number) => z.string().max(max);
/** The id of a request: of its client's making. */
export const requestId = z.string().min(1).max(100);
export const procIdText = z
  .string()
  .regex(/^[\w-]{1,100}$/, 'a proc id has letters, digits, `_` and `-`, at most 100');
/** The id of a host mesh or proc mesh. */
export const meshIdText = z.string().min(1).max(100);
export const durationMs = z.int().min(0).max(MAX_DURATION_MS);

/** Milliseconds since 1970 by a host's clock, no later than the year 9999: more than that is no time of ours. */
export const epochMs = z.number().min(0).max(253_402_300_799_999);

/** What time it was for an agent when it sent this. */
export const HostTime = z.object({
  /** By the clock of its reports, events and output: it goes on steadily from the agent's start. */
  agentMs: epochMs,
  /** By the clock of the host, which somebody may set at any time. */
  hostMs: epochMs,
});
export type HostTime = z.infer<typeof HostTime>;

/**
 * Orders pushes and restores of all clients on a host. Clients make it from their clock in microseconds and
 * never hand out the same or a smaller one twice; a host refuses what is older than what it has seen.
 */
export const Epoch = z.int().min(0);

/** The client on whose behalf config is pushed, and for which of its host meshes. `label` is for people. */
export const Owner = z.object({
  clientId: text(100),
  label: text(200),
  hostMeshId: meshIdText.optional(),
});
export type Owner = z.infer<typeof Owner>;

/** `sha256:` and the hex digest of the canonical JSON of a snapshot. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/**
 * Values of config keys as text, by key name (reference section 7.2). One check for the whole table: a schema per
 * key and value made up a third of an agent's time for a push.
 */
export const PushedAttrs = z.custom<Readonly<Record<string, string>>>(
  isConfigAttrs,
  'config attrs are texts (at most 100000 characters) by key name (at most 200)',
);

function isConfigAttrs(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, each]) => key.length <= 200 && typeof each === 'string' && each.length <= 100_000,
  );
}

export const configLayerNames = [
  'TestOverride',
  'Env',
  'Runtime',
  'File',
  'ClientOverride',
  'Default',
] as const;
export const ConfigLayerName = z.enum(configLayerNames);

/** A key whose pushed value does not take effect, and the layer that wins over it on that host. */
export const ShadowReport = z.object({ key: text(200), layer: ConfigLayerName });
export type ShadowReport = z.infer<typeof ShadowReport>;

/** A pushed key without effect on a host: another layer wins there, or, when null, its agent does not know the key. */
export const KeyWithoutEffect = z.object({ key: text(200), layer: ConfigLayerName.nullable() });
export type KeyWithoutEffect = z.infer<typeof KeyWithoutEffect>;
/** As many of them as a host tells. */
export const MAX_KEYS_WITHOUT_EFFECT = 1000;

/** Host agent lifecycle (reference section 8.1). */
export const lifecycles = ['detached', 'attached', 'draining', 'shutdown'] as const;
export const Lifecycle = z.enum(lifecycles);
export type Lifecycle = z.infer<typeof Lifecycle>;

/** What a host's pushed config layer is now. `digest` is null when nothing is installed. */
export const InstalledConfig = z.object({
  digest: Digest.nullable(),
  epoch: Epoch,
  owner: Owner.nullable(),
  /** What of it has no effect now: it changes with the host's own environment and file, too. */
  withoutEffect: z.array(KeyWithoutEffect).max(MAX_KEYS_WITHOUT_EFFECT),
});
export type InstalledConfig = z.infer<typeof InstalledConfig>;
