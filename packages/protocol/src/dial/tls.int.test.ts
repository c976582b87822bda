import { once } from 'node:events';
import { createServer } from 'node:tls';
import type { ChannelAddress } from '@hostmesh/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TlsClient } from './tls-client.ts';
import type { TlsCredentials } from './tls-credentials.ts';
import { serveAgent, type AgentServer } from '../server/serve-agent.ts';
import { testAgentKey } from '../testing/agent-keys.ts';
import { aKeepalive, anAgentHandler } from '../testing/builders.ts';
import { createTestCertificates, type TestCertificates } from '../testing/certificates.ts';
import { createTransport } from './create-transport.ts';

let ours: TestCertificates;
let theirs: TestCertificates;
let agent: AgentServer;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([createTestCertificates(), createTestCertificates()]);
  agent = await serve(ours.agent);
});
afterAll(() => agent.close());

async function serve(tls: TlsCredentials): Promise<AgentServer> {
  const listen = { kind: 'tls', host: '127.0.0.1', port: 0 } as const;
  const server = await serveAgent({ listen, tls, handler: anAgentHandler() });
  if (!server.ok) throw new Error(server.fault.message);
  return server.value;
}

async function codeOf(address: ChannelAddress, tls: TlsCredentials): Promise<string> {
  const transport = createTransport({ tls });
  const connected = await transport.connect(address);
  // Whether a client's certificate is accepted shows once it asks something, at the latest.
  const outcome = connected.ok ? await connected.value.request(aKeepalive()) : connected;
  await transport.close();
  return outcome.ok ? 'ok' : outcome.fault.code;
}

describe('tls: addresses', () => {
  test('need a certificate of the same authority on both sides', async () => {
    expect(await codeOf(agent.address, ours.client)).toBe('ok');
    expect(await codeOf(agent.address, { ...ours.client, ca: theirs.client.ca })).toMatch(/^TLS_/);
    const stranger = { ...theirs.client, ca: ours.client.ca };
    expect(await codeOf(agent.address, stranger)).toMatch(/^(TLS_|ECONNRESET)/);
  });

  test('need a certificate that names the host', async () => {
    const named = await createTestCertificates('DNS:elsewhere');
    const misnamed = await serve(named.agent);
    expect(await codeOf(misnamed.address, named.client)).toBe('TLS_CERT_ALTNAME_INVALID');
    await misnamed.close();
  });

  test('do not speak TLS to what does not', async () => {
    const plain = await serveAgent({
      listen: { kind: 'tcp', host: '127.0.0.1', port: 0 },
      agentKey: testAgentKey,
      handler: anAgentHandler(),
    });
    if (!plain.ok || plain.value.address.kind !== 'tcp') throw new Error('not on a port');
    expect(await codeOf({ ...plain.value.address, kind: 'tls' }, ours.client)).toMatch(/^TLS_/);
    await plain.value.close();
  });

  test('say nothing to anybody whose certificate is not trusted', async () => {
    const heard: Buffer[] = [];
    const impostor = createServer({ cert: theirs.agent.cert, key: theirs.agent.key }, (socket) => {
      socket.on('data', (bytes) => heard.push(bytes));
      socket.on('error', () => {});
    });
    impostor.listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const bound = impostor.address();
    const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
    const transport = createTransport({ tls: ours.client, agentKey: testAgentKey });
    const connected = await transport.connect({ kind: 'tls', host: '127.0.0.1', port });
    expect(connected).toMatchObject({ ok: false });
    impostor.close();
    await once(impostor, 'close');
    expect(Buffer.concat(heard).toString()).toBe('');
  });

  test('resume the session of the last connection', async () => {
    const client = new TlsClient(ours.client);
    const target = { host: '127.0.0.1', port: agent.address.kind === 'tls' ? agent.address.port : 0 };
    const reused: boolean[] = [];
    for (let round = 0; round < 3; round += 1) {
      const socket = client.connect(target).resume();
      // The agent hands out sessions after full handshakes only.
      await once(socket, round === 0 ? 'session' : 'secureConnect');
      reused.push(socket.isSessionReused());
      socket.destroy();
    }
    expect(reused).toEqual([false, true, true]);
  });

  test('cannot be listened on without certificates that can be used', async () => {
    const listen = { kind: 'tls', host: '127.0.0.1', port: 0 } as const;
    const handler = anAgentHandler();
    expect(await serveAgent({ listen, handler })).toMatchObject({ fault: { code: 'TLS_CREDENTIALS' } });
    const tls = { ca: 'x', cert: 'y', key: 'z' };
    expect(await serveAgent({ listen, handler, tls })).toMatchObject({ fault: { code: 'TLS_CREDENTIALS' } });
    expect(() => createTransport({ tls })).toThrow();
  });
});
