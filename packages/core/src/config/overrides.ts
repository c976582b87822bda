import { fail, ok, type Fault, type Result } from '../fault.ts';
import { findConfigKey } from './keys.ts';
import type { ConfigAttrs } from './layers.ts';
import { readValues } from './read-values.ts';

/** Values that cannot be pushed, every one of them named. */
export interface ConfigFault extends Fault<'invalid_config'> {
  readonly errors: readonly { readonly key: string; readonly message: string }[];
}

/** Errors for the keys of `attrs` that configure one process alone and cannot be pushed. */
const localKeys = (attrs: ConfigAttrs) =>
  Object.keys(attrs)
    .filter((key) => findConfigKey(key)?.propagates === false)
    .map((key) => ({ key, message: 'this key is local to a process and is never pushed' }));

/**
 * Reads values that a person wants pushed, by key constant or dump name, into printed form. All errors are
 * collected; an unknown key is one, since nothing would read it.
 */
export function parseConfigOverrides(
  record: Readonly<Record<string, string | number | boolean>>,
): Result<ConfigAttrs, ConfigFault> {
  const { values, problems } = readValues(record);
  return checked(values, [...problems, ...localKeys(values)]);
}

/**
 * Reads values that a client pushed, by key constant. Unknown keys are tolerated and named, so that a client newer
 * than this process can push to it.
 */
export function parsePushedAttrs(
  attrs: ConfigAttrs,
): Result<{ readonly values: ConfigAttrs; readonly unknownKeys: readonly string[] }, ConfigFault> {
  const { values, problems } = readValues(attrs);
  const unknownKeys = problems.filter(({ code }) => code === 'unknown_key').map(({ key }) => key);
  const errors = [...problems.filter(({ code }) => code !== 'unknown_key'), ...localKeys(values)];
  const result = checked(values, errors);
  return result.ok ? ok({ values, unknownKeys }) : result;
}

function checked(
  values: ConfigAttrs,
  errors: readonly { key: string; message: string }[],
): Result<ConfigAttrs, ConfigFault> {
  if (errors.length === 0) return ok(values);
  return fail({
    code: 'invalid_config',
    message: `config that cannot be used: ${errors.map(({ key, message }) => `${key}: ${message}`).join('; ')}`,
    errors: errors.map(({ key, message }) => ({ key, message })),
  });
}
