import { expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

test('everything that the command line tool can say is said', () => {
  const line = runCommand('train', {
    name: 'my workers',
    perHost: { gpus: 4 },
    command: {
      program: 'sh',
      args: ['-c', 'echo "$A"; sleep 1'],
      env: { A: 'b c' },
      cwd: '/srv',
      runAs: 'nobody',
    },
    procBind: [{ cpus: '0-3' }],
    readiness: { kind: 'http', port: 8000, perSlot: true, path: '/up', timeout: '5s' },
    restart: { policy: 'on_failure', limit: 3 },
    keep: true,
    timeout: '1m',
  });
  expect(line).toBe(
    `hostmesh run --name 'my workers' --per-host gpus=4 --env 'A=b c' --bind cpus=0-3 --cwd /srv --run-as nobody --ready http:8000+slot/up` +
      ` --ready-timeout 5s --restart on-failure:3 --keep --timeout 1m train -- sh -c 'echo "$A"; sleep 1'`,
  );
});

test('what goes without saying is not said', () => {
  const line = runCommand('train', {
    name: 'a',
    perHost: {},
    command: { program: 'true' },
    readiness: { kind: 'alive' },
    restart: { policy: 'never' },
  });
  expect(line).toBe('hostmesh run --name a train -- true');
});

test('what it cannot say is not said wrongly', () => {
  const command = { program: 'true' };
  expect(runCommand('train', { name: 'a', perHost: {}, command, perRank: { 1: {} } })).toBeNull();
  expect(runCommand('train', { name: 'a', perHost: {}, command: { ...command, arg0: 'x' } })).toBeNull();
});
