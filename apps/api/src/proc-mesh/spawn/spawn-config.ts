import { findConfigKey, parseDuration, type ConfigAttrs } from '@hostmesh/core';

/** How long hosts let procs run of which nobody wants to know: MESH_ORPHAN_TIMEOUT; null is for ever. */
export const orphanTimeoutMs = (attrs: ConfigAttrs): number | null =>
  durationIn(attrs, 'MESH_ORPHAN_TIMEOUT');

/** HOST_SPAWN_READY_TIMEOUT; 0 waits for as long as the spawn does. */
export const readyTimeoutMs = (attrs: ConfigAttrs): number =>
  durationIn(attrs, 'HOST_SPAWN_READY_TIMEOUT') ?? 0;

/** The value in milliseconds; null for one that is the empty text. Snapshots hold values that were checked. */
function durationIn(attrs: ConfigAttrs, key: string): number | null {
  const text = attrs[key] ?? findConfigKey(key)?.defaultValue ?? '';
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.value : null;
}
