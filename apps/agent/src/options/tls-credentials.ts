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
import type { TlsCredentials } from '@hostmesh/protocol';
import type { AgentOptions } from './agent-options.ts';

/** The credentials to listen with: from the files of the command line, else what the TLS keys hold or point to. */
export async function readTlsCredentials(
  { listen, tlsFiles }: Pick<AgentOptions, 'listen' | 'tlsFiles'>,
  layers: ConfigLayers,
): Promise<Result<TlsCredentials | undefined, Fault<'tls_credentials'>>> {
  if (listen.kind !== 'tls') return ok(undefined);
  const read = async (file: string | undefined, key: typeof TLS_KEY): Promise<string> => {
    const source = file === undefined ? configValue(layers, key) : ({ kind: 'path', text: file } as const);
    return source.kind === 'inline' ? source.text : readFile(source.text, 'utf8');
  };
  try {
    const [cert, key, ca] = await Promise.all([
      read(tlsFiles.cert, TLS_CERT),
      read(tlsFiles.key, TLS_KEY),
      read(tlsFiles.ca, TLS_CA),
    ]);
    return ok({ cert, key, ca });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `listening on tls: needs --tls-cert, --tls-key and --tls-ca: ${why}`;
    return fail({ code: 'tls_credentials', message, cause });
  }
}
