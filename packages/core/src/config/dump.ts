import { configKeys } from './keys.ts';
import { layersOf, type ConfigLayers, type ConfigSource } from './layers.ts';

/** What a secret value reads as, wherever it is shown. */
export const REDACTED = '[redacted]';

/** One key of a dump, in the field names of Reference 7.3. */
export interface ConfigDumpEntry {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly default_value: string;
  readonly source: ConfigSource;
  readonly changed_from_default: boolean;
  readonly env_var: string;
  /** Every layer that has the key, the winning one first. */
  readonly layers: { readonly source: ConfigSource; readonly value: string }[];
}

/**
 * Every declared key with the value that takes effect and all that lose against it, sorted by name (Reference 7.3).
 * Secret values are redacted in every layer, the default included; whether they differ from it still shows.
 */
export const dumpConfig = (layers: ConfigLayers): ConfigDumpEntry[] =>
  configKeys.flatMap((key) => {
    const all = layersOf(layers, key.key);
    const [winner] = all;
    if (winner === undefined) return [];
    const shown = (text: string) => (key.secret ? REDACTED : text);
    return [
      {
        name: key.name,
        key: key.key,
        value: shown(winner.value),
        default_value: shown(key.defaultValue),
        source: winner.source,
        changed_from_default: winner.value !== key.defaultValue,
        env_var: key.envVar,
        layers: all.map(({ source, value }) => ({ source, value: shown(value) })),
      },
    ];
  });
