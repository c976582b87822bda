import type { ConfigAttrs } from '@hostmesh/core';
import type { DumpedEntry, ShadowReport } from '@hostmesh/protocol';

/** How the effective value of one key would change on a host; null where there is no value. */
export interface ConfigDifference {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What pushing a snapshot would do on a host. All lists are sorted by key. */
export interface ConfigDiff {
  readonly changes: readonly ConfigDifference[];
  /** Keys whose pushed value would not take effect, with the layer that wins. */
  readonly shadowedKeys: readonly ShadowReport[];
  /** Keys of the snapshot that the host does not know. */
  readonly unknownKeys: readonly string[];
}

/** Compares a host's dump with what it would say after a push, which replaces the client layer wholesale. */
export function configDiff(entries: readonly DumpedEntry[], attrs: ConfigAttrs): ConfigDiff {
  const changes: ConfigDifference[] = [];
  const shadowedKeys: ShadowReport[] = [];
  const unknown = new Set(Object.keys(attrs));
  for (const { key, value, default_value, source } of entries) {
    if (key === null) continue;
    unknown.delete(key);
    const pushed = attrs[key];
    if (source !== 'ClientOverride' && source !== 'Default') {
      if (pushed !== undefined) shadowedKeys.push({ key, layer: source });
      continue;
    }
    const to = pushed ?? default_value;
    if (to !== value) changes.push({ key, from: value, to });
  }
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
  return {
    changes: changes.sort(byKey),
    shadowedKeys: shadowedKeys.sort(byKey),
    unknownKeys: [...unknown].sort(),
  };
}
