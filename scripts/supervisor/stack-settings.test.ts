import { expect, test } from 'vitest';
import { localAgentList } from './parts.ts';
import { portsOf, readSettings } from './stack-settings.ts';

test('an empty environment gives the documented defaults', () => {
  expect(readSettings({}, '/srv/hostmesh')).toEqual({
    dataDir: '/srv/hostmesh/.hostmesh',
    webPort: 3000,
    apiPort: 4600,
    agents: 4,
    agentPort: 26600,
    databaseUrlFile: undefined,
    agentKeyFile: undefined,
  });
});

test('every bad value is named with its setting', () => {
  expect(readSettings({ HOSTMESH_WEB_PORT: 'x', HOSTMESH_AGENTS: '-1' }, '/')).toEqual({
    problems: [
      'HOSTMESH_WEB_PORT is "x": a whole number up to 65535 is needed.',
      'HOSTMESH_AGENTS is "-1": a whole number up to 64 is needed.',
    ],
  });
});

test('two parts cannot have one port', () => {
  expect(readSettings({ HOSTMESH_WEB_PORT: '4600' }, '/')).toEqual({
    problems: ['HOSTMESH_WEB_PORT and HOSTMESH_API_PORT both want port 4600.'],
  });
  expect(readSettings({ HOSTMESH_AGENT_PORT: '65534' }, '/')).toMatchObject({
    problems: [expect.stringContaining('port 65536'), expect.stringContaining('port 65537')],
  });
});

test('agents take consecutive ports', () => {
  const settings = readSettings({ HOSTMESH_AGENTS: '2', HOSTMESH_AGENT_PORT: '7000' }, '/');
  expect('problems' in settings ? [] : portsOf(settings).map(({ port }) => port)).toEqual([
    3000, 4600, 7000, 7001,
  ]);
});

test.each([
  ['0', ''],
  ['1', 'tcp:127.0.0.1:7000'],
  ['3', 'tcp:127.0.0.1:[7000-7002]'],
])('%s agents are the host list "%s"', (agents, list) => {
  const settings = readSettings({ HOSTMESH_AGENTS: agents, HOSTMESH_AGENT_PORT: '7000' }, '/');
  expect('problems' in settings ? null : localAgentList(settings)).toBe(list);
});
