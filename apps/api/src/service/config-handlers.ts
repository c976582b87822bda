import { configKeys, effective, REDACTED, type ConfigLayers } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { json, type Handlers } from '../http/route-types.ts';

/** The keys that there are, and what an attach would send of them. Secret values are never shown. */
export function configHandlers(layers: ConfigLayers): Pick<Handlers, 'configKeys' | 'configSnapshot'> {
  const items = configKeys.map(({ codec: _codec, ...key }) => ({
    ...key,
    defaultValue: key.secret ? REDACTED : key.defaultValue,
  }));
  const snapshot = makeSnapshot(layers);
  const values = effective(layers)
    .filter(({ key }) => key.propagates)
    .map(({ key, value, source }) => ({ key: key.key, value: key.secret ? REDACTED : value, source }));
  return {
    configKeys: async () => json({ items }),
    configSnapshot: async () =>
      json({ digest: snapshot.digest, sizeBytes: Buffer.byteLength(snapshot.json), values }),
  };
}
