import type { ConfigCodec } from './codec.ts';

/**
 * One declared configuration key (Reference 7.4). `key` is its constant (`PROC_SPAWN_MAX_IDLE`), `name` what dumps
 * call it, `defaultValue` the printed default. A value of a secret key is never shown.
 *
 * The reference warns that timeouts of the host are pushed along with those of the caller, so that on a shared host
 * the last client wins. We keep one kind of key and make the winning visible instead: each push answers whose config
 * it took over, the previous owner is told, and what the host's operator sets always wins over any client.
 */
export interface ConfigKey<T = unknown> {
  readonly key: string;
  readonly name: string;
  readonly envVar: string;
  readonly codec: ConfigCodec<T>;
  readonly type: string;
  readonly defaultValue: string;
  /** Part of the snapshot that a client pushes to its hosts. */
  readonly propagates: boolean;
  readonly secret: boolean;
  readonly description: string;
}

interface Declaration<T> {
  readonly envVar: string;
  readonly codec: ConfigCodec<T>;
  readonly defaultValue: string;
  readonly description: string;
  readonly propagates: boolean;
  readonly secret: boolean;
}

/** A key that clients push to their hosts. */
export const pushed = <T>(
  envVar: string,
  codec: ConfigCodec<T>,
  defaultValue: string,
  description: string,
): Declaration<T> => ({ envVar, codec, defaultValue, description, propagates: true, secret: false });

/** A key of this process alone, which is never pushed. */
export const local = <T>(
  envVar: string,
  codec: ConfigCodec<T>,
  defaultValue: string,
  description: string,
  { secret = false } = {},
): Declaration<T> => ({ envVar, codec, defaultValue, description, propagates: false, secret });

type Declared<D> = { readonly [K in keyof D]: D[K] extends Declaration<infer T> ? ConfigKey<T> : never };

/** Gives each declaration its key and its dump name, `module` + `::` + the key in lower case. */
export function declareKeys<D extends Readonly<Record<string, Declaration<unknown>>>>(
  module: string,
  declarations: D,
): Declared<D> {
  const entries = Object.entries(declarations).map(([key, declaration]) => [
    key,
    { ...declaration, key, name: `${module}::${key.toLowerCase()}`, type: declaration.codec.type },
  ]);
  // Object.fromEntries forgets which key has which value type; the line above keeps them together.
  return Object.fromEntries(entries) as Declared<D>;
}
