import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT_BUG, ignoredSignals, stopSignals } from './part-life.ts';

const file = join(import.meta.dirname, '../testing/living.ts');

async function living(...args: string[]) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, output }));
  const said = (text: string) => expect.poll(() => output).toContain(text);
  await said('lives');
  return { child, ended, said, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

// The others are listened to in the same breath.
const asked = stopSignals.filter((_, index) => index % 3 === 0);
test.each(asked)('%s is an end in order', async (signal) => {
  using part = await living();
  const { child, ended } = part;
  child.kill(signal);
  const output = `lives\nstop ${signal}\nbecause of ${signal}\n`;
  expect(await ended).toEqual({ code: 0, signal: null, output });
});

test('signals that mean nothing end nothing and open no inspector; without a terminal SIGHUP reads again where that is wanted', async () => {
  using part = await living('reload');
  const { child, said, ended } = part;
  for (const signal of ignoredSignals) {
    child.kill(signal);
    await said(`ignored ${signal}`);
  }
  child.kill('SIGHUP');
  await said('read again');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, output: expect.not.stringContaining('Debugger') });
});

test.each(['throw', 'reject'])(
  'a bug (%s) is told and ends it in order, with a code of its own',
  async (how) => {
    using part = await living();
    const { child, ended } = part;
    child.stdin.write(how);
    const output = 'lives\nbug\nbecause of a bug: oh\n';
    expect(await ended).toEqual({ code: EXIT_BUG, signal: null, output });
  },
);

test('it outlives those who read its output', async () => {
  using part = await living();
  const { child, ended } = part;
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGUSR1');
  child.kill('SIGUSR2');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, signal: null });
});
