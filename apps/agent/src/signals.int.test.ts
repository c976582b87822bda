import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startAgentProcess } from './testing/agent-process.ts';
import { ask, connect } from './testing/connect.ts';
import { isReady, pidsWith, startProcAgent } from './testing/proc-agent.ts';
import { family, specOf } from './testing/proc-fixtures.ts';

test('SIGQUIT ends an agent as SIGTERM does: by the ladder, and no proc of it is left', async () => {
  await using agent = await startProcAgent();
  const mark = `mark-${randomUUID()}`;
  await agent.spawn([specOf('p', family(mark))]);
  await agent.until('p', isReady);
  agent.process.child.kill('SIGUSR2');
  await agent.process.logged('signal');
  agent.process.child.kill('SIGQUIT');
  expect(await agent.process.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(pidsWith(mark)).toEqual([]);
});

test('on SIGHUP an agent reads its config file and the token of its metrics again and goes on; a file that cannot be used changes nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'agent-reload-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, 'config.yaml');
  await writeFile(file, 'MAX_CAST_FANOUT: 7\n');
  const tokens = ['token-of-the-metrics', 'another-one-of-them'] as const;
  const tokenFile = join(dir, 'token');
  await writeFile(tokenFile, tokens[0]);
  await using agent = await startAgentProcess({
    args: ['--config', file, '--metrics-token-file', tokenFile],
  });
  await using connection = await connect(await agent.address());
  const fanout = async () => {
    const dump = await ask(connection, { type: 'config_dump', id: 'd' });
    if (dump.kind !== 'config_dumped') throw new Error(JSON.stringify(dump));
    return dump.entries.find(({ key }) => key === 'MAX_CAST_FANOUT');
  };
  const url = `${(await agent.address()).replace('tcp:', 'http://')}/metrics`;
  const scrapes = () =>
    Promise.all(
      tokens.map(
        async (token) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status,
      ),
    );
  expect(await fanout()).toMatchObject({ source: 'File', value: '7' });
  expect(await scrapes()).toEqual([200, 401]);
  await writeFile(tokenFile, tokens[1]);
  await writeFile(file, 'MAX_CAST_FANOUT: 9\n');
  agent.child.kill('SIGHUP');
  await agent.logged('reloaded');
  expect(await fanout()).toMatchObject({ source: 'File', value: '9' });
  expect(await scrapes()).toEqual([401, 200]);
  await writeFile(tokenFile, 'short');
  agent.child.kill('SIGHUP');
  await agent.logged('not reloaded: what was before stays');
  expect(await fanout()).toMatchObject({ value: '9' });
  expect(await scrapes()).toEqual([401, 200]);
});
