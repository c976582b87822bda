import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOver, isReady, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { nodeScript, shell, specOf } from './testing/proc-fixtures.ts';

let agent: ProcAgent;
beforeAll(async () => {
  agent = await startProcAgent({ env: { SECRET: 'hunter2', LANG: 'C.UTF-8' } });
});
afterAll(() => agent[Symbol.asyncDispose]());

const final = (procId: string) => agent.until(procId, isOver);
/** A server of this test, which is no proc. */
const listening = async (isHttp: boolean) => {
  const server = isHttp ? createHttpServer((_request, response) => response.end()) : createServer();
  await once(server.listen(0), 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')),
  };
};
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe('a process is ready', () => {
  const serve = 'require("http").createServer((q, a) => a.writeHead(q.url === "/ok" ? 204 : 500).end())';

  test('when it says so on its descriptor', async () => {
    const command = shell('echo yes >&$HOSTMESH_READY_FD; exec sleep 1000');
    await agent.spawn([specOf('fd', { command, readiness: { kind: 'descriptor' } })]);
    expect((await agent.until('fd', isReady)).status).toMatchObject({ address: null });
  });

  test('when it accepts connections', async () => {
    const port = await freePort();
    await agent.spawn([
      specOf('tcp', { command: nodeScript(`${serve}.listen(${port})`), readiness: { kind: 'tcp', port } }),
    ]);
    expect((await agent.until('tcp', isReady)).status).toMatchObject({ address: `tcp:127.0.0.1:${port}` });
  });

  test.each(['tcp', 'http'] as const)(
    'by %s when the port is its own, not when another process serves it: that is named',
    async (kind) => {
      await using foreign = await listening(kind === 'http');
      const { port } = foreign;
      const procId = `foreign-${kind}`;
      const readiness = kind === 'tcp' ? { kind, port } : { kind, port, path: '/' };
      await agent.spawn([specOf(procId, { readiness, readyTimeoutMs: 700 })]);
      const told = `port ${port} is served by another process (${process.pid}, `;
      await agent.until(
        procId,
        ({ status, waitsFor }) => status.kind === 'Running' && waitsFor?.startsWith(told) === true,
      );
      expect(await final(procId)).toMatchObject({
        status: { kind: 'Failed', reason: expect.stringContaining(`not ready within 700ms: ${told}`) },
      });
    },
  );

  const interfaces = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const hasVersion6 = interfaces.some(({ address }) => address === '::1');
  const otherAddress =
    interfaces.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.3';
  const binds: [string, string | null, string | null][] = [
    ['::1', 'tcp:[::1]:PORT', null],
    ['::', 'tcp:127.0.0.1:PORT', null],
    ['0.0.0.0', 'tcp:127.0.0.1:PORT', null],
    ['::ffff:127.0.0.1', 'tcp:127.0.0.1:PORT', null],
    ['127.0.0.2', null, 'it listens on port PORT of 127.0.0.2 alone, not on localhost'],
    [otherAddress, null, `it listens on port PORT of ${otherAddress} alone`],
  ];
  test.each(binds.filter(([address]) => hasVersion6 || !address.includes(':')))(
    'by a port of %s: ready at %s, or it is said why not: %s',
    async (address, at, why) => {
      const port = await freePort();
      const procId = `on-${address.replaceAll(/[^\da-f]/g, '-')}`;
      const command = nodeScript(`${serve}.listen(${port}, "${address}")`);
      await agent.spawn([specOf(procId, { command, readiness: { kind: 'tcp', port } })]);
      const told = (text: string | null) => text?.replace('PORT', String(port)) ?? '';
      await agent.until(procId, ({ status, waitsFor }) =>
        at === null
          ? waitsFor?.startsWith(told(why)) === true
          : status.kind === 'Ready' && status.address === told(at),
      );
    },
  );

  test('when a child of it that has left its session serves the port', async () => {
    const port = await freePort();
    const server = `require("http").createServer().listen(${port}, "127.0.0.1")`;
    const command = shell(`setsid "$NODE" -e '${server}' & trap 'exit 0' TERM; while :; do sleep 0.1; done`);
    await agent.spawn([
      specOf('own-child', {
        command: { ...command, env: { NODE: process.execPath } },
        readiness: { kind: 'tcp', port },
      }),
    ]);
    await agent.until('own-child', isReady);
  });

  test('when it answers well, and not before', async () => {
    const port = await freePort();
    const readyBy = (path: string) => ({ kind: 'http', port, path }) as const;
    await agent.spawn([
      specOf('http', { command: nodeScript(`${serve}.listen(${port})`), readiness: readyBy('/ok') }),
    ]);
    await agent.until('http', isReady);
    const other = await freePort();
    await agent.spawn([
      specOf('http-bad', {
        command: nodeScript(`${serve}.listen(${other})`),
        readiness: { kind: 'http', port: other, path: '/no' },
        readyTimeoutMs: 2_000,
      }),
    ]);
    expect((await final('http-bad')).status).toMatchObject({
      reason: `not ready within 2s: http://127.0.0.1:${other}/no answers with 500`,
    });
  });
});
