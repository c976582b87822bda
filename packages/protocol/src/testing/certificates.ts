import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TlsCredentials } from '../dial/tls-credentials.ts';

const run = promisify(execFile);

export interface TestCertificates {
  /** For an agent on loopback. */
  readonly agent: TlsCredentials;
  readonly client: TlsCredentials;
}

/** Certificates of a new authority, valid for a day: one for an agent, one for its clients. Needs `openssl`. */
export async function createTestCertificates(
  agentNames = 'IP:127.0.0.1,IP:::1,DNS:localhost',
): Promise<TestCertificates> {
  const folder = await mkdtemp(join(tmpdir(), 'hostmesh-certificates-'));
  const request = (name: string, ...more: string[]): Promise<unknown> => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', `${name}.key`];
    const what = ['-subj', `/CN=${name}`, '-days', '1', '-out', `${name}.pem`];
    return run('openssl', ['req', '-x509', ...key, ...what, ...more], { cwd: folder });
  };
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const credentials = async (name: string): Promise<TlsCredentials> => ({
    ca: await read('ca.pem'),
    cert: await read(`${name}.pem`),
    key: await read(`${name}.key`),
  });
  try {
    await request('ca');
    await request('agent', ...signed, '-addext', `subjectAltName=${agentNames}`);
    await request('client', ...signed);
    return { agent: await credentials('agent'), client: await credentials('client') };
  } finally {
    await rm(folder, { recursive: true });
  }
}
