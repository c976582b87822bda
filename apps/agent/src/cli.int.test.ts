import { createTestCertificates } from '@hostmesh/protocol/testing';
import { anAgentKey } from '@hostmesh/protocol/testing-key';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './cli.ts';
import { startAgentProcess } from './testing/agent-process.ts';
import { ask, connect, pushOf } from './testing/connect.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agent-start-'));
});
afterAll(() => rm(dir, { recursive: true }));

const KEY = { HOSTMESH_AGENT_KEY: 'correct horse battery', HOSTMESH_AGENT_KEY_FILE: '' };

/** What every process of its user can read of it. */
const toldOf = async (pid: number | undefined): Promise<string> =>
  (await readFile(`/proc/${pid}/environ`, 'utf8')) + (await readFile(`/proc/${pid}/cmdline`, 'utf8'));

describe('an agent refuses to start', () => {
  test('where others could connect without proving who they are, with 2 and the ways out', async () => {
    await using agent = await startAgentProcess({
      args: ['--listen', 'tcp:0.0.0.0:0'],
      env: { HOSTMESH_AGENT_KEY_FILE: '' },
    });
    const { code, stderr } = await agent.ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^hostmesh-agent: refusing to listen on tcp:0.0.0.0:0.*HOSTMESH_AGENT_KEY_FILE.*tls:.*\n$/,
    );
  });

  test('on a port that is taken, and names it', async () => {
    await using first = await startAgentProcess();
    const address = await first.address();
    await using second = await startAgentProcess({ args: ['--listen', address] });
    expect(await second.ended).toMatchObject({
      code: 1,
      stderr: `hostmesh-agent: cannot listen on ${address}: the address is taken\n`,
    });
  });

  test('on an address of a kind that it does not speak', async () => {
    await using agent = await startAgentProcess({ args: ['--listen', 'quic:127.0.0.1:0'] });
    const { code, stderr } = await agent.ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hostmesh-agent: .*\n$/);
  });

  /** What a command line that starts no agent says, without a process for it. */
  async function complaint(...args: readonly string[]): Promise<{ code: number; stderr: string }> {
    let stderr = '';
    const output = { write: (text: string) => (stderr += text) };
    const context = {
      env: KEY,
      stdout: output,
      stderr: output,
      log: pino({ enabled: false }),
      signal: new AbortController().signal,
      onReload: () => undefined,
    };
    const code = await runCli(['--data-dir', join(dir, 'unused'), ...args], context);
    return { code, stderr };
  }

  test.each([
    ['an unknown option', ['--nonsense']],
    ['a config file that is not there', ['--config', '/nonexistent.yaml']],
    ['certificates that are not there', ['--listen', 'tls:127.0.0.1:0', '--tls-key', '/nonexistent.pem']],
  ])('with %s', async (_what, args) => {
    const { code, stderr } = await complaint(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hostmesh-agent: .*\n$/);
  });

  test('with a config file that is no YAML, without quoting it', async () => {
    const file = join(dir, 'broken.yaml');
    await writeFile(file, 'TLS_KEY: [hunter2\n');
    const { code, stderr } = await complaint('--config', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`--config ${file} cannot be used`);
    expect(stderr).not.toContain('hunter2');
  });
});

describe('with a key', () => {
  test('only clients that have it get in, and nobody reads it from the process', async () => {
    await using agent = await startAgentProcess({ args: ['--listen', 'tcp:0.0.0.0:0'], env: KEY });
    const address = (await agent.address()).replace('0.0.0.0', '127.0.0.1');
    await expect(connect(address)).rejects.toThrow('UNAUTHORIZED');
    await using connection = await connect(address, { agentKey: anAgentKey(KEY.HOSTMESH_AGENT_KEY) });
    expect(await ask(connection, { type: 'keepalive', id: 'k' })).toMatchObject({ kind: 'alive' });
    const told = await toldOf(agent.child.pid);
    expect(JSON.stringify(agent.log) + told).not.toContain(KEY.HOSTMESH_AGENT_KEY);
    expect(told).toContain('HOSTMESH_AGENT_KEY_FILE=');
  });
});

describe('on a unix socket', () => {
  test('a client gets in, and the socket of a killed agent is not in the way of the next', async () => {
    const address = `unix:${join(dir, 'agent.sock')}`;
    await using killed = await startAgentProcess({ args: ['--listen', address] });
    await killed.address();
    killed.child.kill('SIGKILL');
    await killed.ended;
    await using agent = await startAgentProcess({ args: ['--listen', address] });
    await using connection = await connect(await agent.address());
    expect(await ask(connection, pushOf(1, { MAX_CAST_FANOUT: '4' }))).toMatchObject({
      kind: 'client_config_set',
    });
    expect((await stat(join(dir, 'agent.sock'))).isSocket()).toBe(true);
  });
});

describe('on tls:', () => {
  test('only clients with a certificate of the same authority get in; credentials come as files or as PEM', async () => {
    const { agent: own, client } = await createTestCertificates();
    const stranger = (await createTestCertificates()).client;
    const files = { cert: join(dir, 'agent.pem'), ca: join(dir, 'ca.pem') };
    await Promise.all([writeFile(files.cert, own.cert), writeFile(files.ca, own.ca)]);
    await using agent = await startAgentProcess({
      args: ['--listen', 'tls:127.0.0.1:0', '--tls-cert', files.cert, '--tls-ca', files.ca],
      env: { HYPERACTOR_TLS_KEY: own.key },
    });
    const address = await agent.address();
    await expect(connect(address, { tls: { ...stranger, ca: own.ca } })).rejects.toThrow();
    await using connection = await connect(address, { tls: client });
    expect(await toldOf(agent.child.pid)).not.toContain('PRIVATE KEY');
    expect(await ask(connection, { type: 'keepalive', id: 'k' })).toMatchObject({ kind: 'alive' });
  });
});
