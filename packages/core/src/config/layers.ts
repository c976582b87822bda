import type { ConfigKey } from './key.ts';
import { configKeys, findConfigKey } from './keys.ts';

/** Where a value can come from, strongest first (Reference 7.1). */
export const configSources = ['TestOverride', 'Env', 'Runtime', 'File', 'ClientOverride', 'Default'] as const;
/** A layer, or the default. */
export type ConfigSource = (typeof configSources)[number];

/** A layer that can be set; `Default` is what the keys declare. */
export type ConfigLayer = Exclude<ConfigSource, 'Default'>;
const settable = configSources.filter((source): source is ConfigLayer => source !== 'Default');

/** Printed values by key constant: what a layer is made of and a snapshot carries. */
export type ConfigAttrs = Readonly<Record<string, string>>;

/** All layers, as a value: changing one gives new layers. Values in it have been checked by the readers. */
export type ConfigLayers = Readonly<Record<ConfigLayer, ReadonlyMap<string, string>>>;

/** A value and the layer that it comes from. */
export interface ConfigLookup {
  readonly value: string;
  readonly source: ConfigSource;
}

/** No layer has anything: every key has its default. */
export const emptyLayers: ConfigLayers = {
  TestOverride: new Map(),
  Env: new Map(),
  Runtime: new Map(),
  File: new Map(),
  ClientOverride: new Map(),
};

/** Replaces one layer wholesale; `{}` clears it. */
export const withLayer = (layers: ConfigLayers, layer: ConfigLayer, attrs: ConfigAttrs): ConfigLayers => ({
  ...layers,
  [layer]: new Map(Object.entries(attrs)),
});

/** Merges values into one layer; what it had for other keys stays. */
export const mergeLayer = (layers: ConfigLayers, layer: ConfigLayer, attrs: ConfigAttrs): ConfigLayers => ({
  ...layers,
  [layer]: new Map([...layers[layer], ...Object.entries(attrs)]),
});

/** Every layer that has the key, the winning one first; nothing for a key that is not declared. */
export function layersOf(layers: ConfigLayers, key: string): readonly ConfigLookup[] {
  const declared = findConfigKey(key);
  if (declared === undefined) return [];
  const set = settable.flatMap((source): ConfigLookup[] => {
    const value = layers[source].get(declared.key);
    return value === undefined ? [] : [{ value, source }];
  });
  return [...set, { value: declared.defaultValue, source: 'Default' }];
}

/** The value that takes effect and its layer; `undefined` for a key that is not declared. */
export const lookup = (layers: ConfigLayers, key: string): ConfigLookup | undefined =>
  layersOf(layers, key)[0];

/** The value of every declared key that takes effect, sorted by dump name. */
export const effective = (layers: ConfigLayers): readonly (ConfigLookup & { readonly key: ConfigKey })[] =>
  configKeys.flatMap((key) => {
    const found = lookup(layers, key.key);
    return found === undefined ? [] : [{ key, ...found }];
  });

/** The typed value that takes effect for a key. */
export const configValue = <T>(layers: ConfigLayers, key: ConfigKey<T>): T =>
  valueIn({ [key.key]: lookup(layers, key.key)?.value ?? key.defaultValue }, key);

/** The typed value that a snapshot has for a key; its default when the snapshot has none that it can read. */
export function valueIn<T>(attrs: ConfigAttrs, key: ConfigKey<T>): T {
  const parsed = key.codec.parse(attrs[key.key] ?? key.defaultValue);
  if (parsed.ok) return parsed.value;
  const byDefault = key.codec.parse(key.defaultValue);
  if (!byDefault.ok) throw new Error(`the default of ${key.key} does not parse`);
  return byDefault.value;
}

/**
 * The keys of `attrs` that would not take effect as a client layer here, because the operator of this process has
 * set them in a stronger layer, with the strongest such layer.
 */
export const shadowedBy = (
  layers: ConfigLayers,
  attrs: ConfigAttrs,
): { readonly key: string; readonly layer: ConfigSource }[] =>
  Object.keys(attrs).flatMap((key) => {
    const layer = lookup(layers, key)?.source ?? 'Default';
    return layer === 'ClientOverride' || layer === 'Default' ? [] : [{ key, layer }];
  });
