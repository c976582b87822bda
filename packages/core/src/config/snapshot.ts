// The entry point `@hostmesh/core/snapshot`: what needs node:crypto, apart from the rest, which browsers load too.
import { createHash } from 'node:crypto';
import { effective, type ConfigAttrs, type ConfigLayers } from './layers.ts';

/** What a push sends (Design 6): equal snapshots have equal `json` and `digest`. */
export interface ConfigSnapshot {
  /** `sha256:` and the hex digest of `json`. */
  readonly digest: string;
  /** Canonical JSON of `attrs`: sorted keys, no white space. */
  readonly json: string;
  readonly attrs: ConfigAttrs;
}

/** Sorted by code unit. Written out, because JSON.stringify moves keys that look like numbers to the front. */
const canonicalJson = (attrs: ConfigAttrs): string => {
  const members = Object.entries(attrs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
};

/** The snapshot of given values, whatever the order of its keys. */
export function snapshotOfAttrs(attrs: ConfigAttrs): ConfigSnapshot {
  const json = canonicalJson(attrs);
  return { digest: `sha256:${createHash('sha256').update(json).digest('hex')}`, json, attrs };
}

/** The digest of given values. */
export const digestOf = (attrs: ConfigAttrs): string => snapshotOfAttrs(attrs).digest;

/** The snapshot of every key that propagates, with the value that takes effect here (Reference 6.1). */
export const makeSnapshot = (layers: ConfigLayers): ConfigSnapshot =>
  snapshotOfAttrs(
    Object.fromEntries(
      effective(layers)
        .filter(({ key }) => key.propagates)
        .map(({ key, value }) => [key.key, value]),
    ),
  );
