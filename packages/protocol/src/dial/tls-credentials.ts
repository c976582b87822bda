import { readFile } from 'node:fs/promises';
import {
  configValue,
  fail,
  ok,
  TLS_CA,
  TLS_CERT,
  TLS_KEY,
  type ConfigLayers,
  type Fault,
  type Result,
} from '@hostmesh/core';

/** Certificates as PEM text: whom to trust, and what to show. */
export interface TlsCredentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads the credentials that the TLS keys hold or point to, or that are in `files` instead. The message of the fault says
 * what could not be read, and nothing more.
 */
export async function readTlsCredentials(
  layers: ConfigLayers,
  files: { readonly [name in keyof TlsCredentials]?: string | undefined } = {},
): Promise<Result<TlsCredentials, Fault<'tls_credentials'>>> {
  const read = async (file: string | undefined, key: typeof TLS_KEY): Promise<string> => {
    const source = file === undefined ? configValue(layers, key) : ({ kind: 'path', text: file } as const);
    return source.kind === 'inline' ? source.text : readFile(source.text, 'utf8');
  };
  try {
    const [cert, key, ca] = await Promise.all([
      read(files.cert, TLS_CERT),
      read(files.key, TLS_KEY),
      read(files.ca, TLS_CA),
    ]);
    return ok({ cert, key, ca });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return fail({ code: 'tls_credentials', message, cause });
  }
}
