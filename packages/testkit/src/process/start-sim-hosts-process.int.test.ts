import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { expect, test, vi } from 'vitest';
import { startSimHostsProcess } from './start-sim-hosts-process.ts';

const sources = new URL('..', import.meta.url);

test('hosts in a child process are told faults, tell the truth, and are gone after close', async () => {
  const hosts = await startSimHostsProcess({ count: 3, faults: { 1: { kind: 'refuse' } } });
  const transport = createTransport({ agentKey: testAgentKey });
  const dial = async (): Promise<boolean[]> => {
    const results = await Promise.all(hosts.addresses.map((address) => transport.connect(address)));
    return results.map(({ ok }) => ok);
  };
  expect(await dial()).toEqual([true, false, true]);
  await hosts.setFault(1, { kind: 'healthy' });
  await hosts.setFault(2, { kind: 'refuse' });
  expect(await dial()).toEqual([true, true, false]);
  const truth = await hosts.truth();
  expect(truth.map(({ rank, fault }) => [rank, fault.kind])).toEqual([
    [0, 'healthy'],
    [1, 'healthy'],
    [2, 'refuse'],
  ]);
  await hosts.close();
  expect(await dial()).toEqual([false, false, false]);
  await transport.close();
});

test('what the child cannot do is an error with its code here', async () => {
  const hosts = await startSimHostsProcess({ count: 1 });
  const [{ port } = { port: 0 }] = hosts.addresses;
  await expect(startSimHostsProcess({ count: 1, basePort: port })).rejects.toMatchObject({
    code: 'port_taken',
  });
  await expect(hosts.setFault(9, { kind: 'refuse' })).rejects.toMatchObject({ code: 'bad_spec' });
  await hosts.close();
});

test('hosts do not outlive a parent that is killed', async () => {
  const program = `
    import { startSimHostsProcess } from '${new URL('process/start-sim-hosts-process.ts', sources)}';
    const hosts = await startSimHostsProcess({ count: 1 });
    console.log(hosts.pids[0]);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(parent.stdout), 'line');
  const isAlive = (): boolean => {
    try {
      return process.kill(Number(line), 0);
    } catch {
      return false;
    }
  };
  expect(isAlive()).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive()).toBe(false), { timeout: 30_000 });
});

test('the command prints a host list, and ends on Ctrl-C', async () => {
  const file = new URL('sim-hosts/main.ts', sources).pathname;
  const command = spawn(process.execPath, [file, '--hosts', '3', '--base-port', '0', '--refuse', '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface(command.stdout)) {
    lines.push(line);
    if (line.startsWith('tcp:')) command.kill('SIGINT');
  }
  expect(lines[0]).toBe('# 3 simulated hosts; Ctrl-C ends them');
  expect(lines.some((line) => /^# refuse: 1 on \d+$/.test(line))).toBe(true);
  expect(lines.at(-1)).toMatch(/^tcp:127\.0\.0\.1:\[[\d,-]+\]$/);
  expect(command.exitCode ?? (await once(command, 'exit'))[0]).toBe(0);
});

test('the command says which port is taken', async () => {
  const hosts = await startSimHostsProcess({ count: 1 });
  const [{ port } = { port: 0 }] = hosts.addresses;
  const file = new URL('sim-hosts/main.ts', sources).pathname;
  const failed = promisify(execFile)(process.execPath, [file, '--hosts', '1', '--base-port', String(port)]);
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`port ${port} is taken`),
  });
  await hosts.close();
});
