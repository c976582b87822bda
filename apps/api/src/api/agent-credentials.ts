import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  fail,
  lookup,
  ok,
  TLS_CA,
  TLS_CERT,
  TLS_KEY,
  type ConfigLayers,
  type Fault,
  type Result,
} from '@hostmesh/core';
import { readAgentKey, readTlsCredentials, type TransportOptions } from '@hostmesh/protocol';
import type { ApiSettings } from '../settings/settings.ts';

type Credentials = Pick<TransportOptions, 'agentKey' | 'tls'>;

/**
 * What we prove ourselves to agents with: the shared key, from a file or the environment, else from the data directory, and for `tls:`
 * addresses the certificate that the TLS keys hold or point to. Certificates that were set and cannot be read are an
 * error; that the default files are missing only means that there are none.
 */
export async function agentCredentials(
  { agentKey, agentKeyFile, dataDir }: Pick<ApiSettings, 'agentKey' | 'agentKeyFile' | 'dataDir'>,
  layers: ConfigLayers,
): Promise<Result<Credentials, Fault<'agent_credentials'>>> {
  const kept = join(dataDir, 'agent-key');
  const text = agentKey?.reveal();
  const file = agentKeyFile ?? (text === undefined && existsSync(kept) ? kept : undefined);
  const key = await readAgentKey({ text, file });
  if (!key.ok) return fail({ ...key.fault, code: 'agent_credentials' });
  const tls = await readTls(layers);
  return tls.ok
    ? ok({ ...(key.value && { agentKey: key.value }), ...(tls.value && { tls: tls.value }) })
    : tls;
}

async function readTls(
  layers: ConfigLayers,
): Promise<Result<NonNullable<Credentials['tls']> | undefined, Fault<'agent_credentials'>>> {
  const read = await readTlsCredentials(layers);
  if (read.ok) return read;
  const given = [TLS_CERT, TLS_KEY, TLS_CA].filter((key) => lookup(layers, key.key)?.source !== 'Default');
  if (given.length === 0) return ok(undefined);
  const { message: why, cause } = read.fault;
  const message = `The TLS credentials cannot be read (${given.map(({ envVar }) => envVar).join(', ')}): ${why}`;
  return fail({ code: 'agent_credentials', message, cause });
}
