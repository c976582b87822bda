import { expect, test } from 'vitest';
import { readyProc } from '../testing/proc-fixtures.ts';
import { createMetrics } from './metrics.ts';

const facts = { agentVersion: '1.2.3', configProblems: 2 };
const agent = {
  connections: () => 3,
  lifecycle: () => 'detached' as const,
  isConfigured: () => false,
  procs: () => [readyProc],
};

test('what is scraped tells the state, the connections and the requests', async () => {
  const metrics = createMetrics(facts);
  metrics.observe(agent);
  metrics.requestAnswered('keepalive', 'ok', 1);
  metrics.requestAnswered('set_client_config', 'stale_epoch', 1);
  metrics.bugFound();
  const { body } = await metrics.render();
  for (const line of [
    'hostmesh_agent_info{version="1.2.3"} 1',
    'hostmesh_agent_connections 3',
    'hostmesh_agent_config_installed 0',
    'hostmesh_agent_config_problems 2',
    'hostmesh_agent_lifecycle{state="detached"} 1',
    'hostmesh_agent_lifecycle{state="shutdown"} 0',
    'hostmesh_agent_requests_total{type="keepalive",outcome="ok"} 1',
    'hostmesh_agent_requests_total{type="set_client_config",outcome="stale_epoch"} 1',
    'hostmesh_agent_bugs_total 1',
    'hostmesh_agent_procs{status="Ready"} 1',
    'hostmesh_agent_procs{status="Failed"} 0',
  ]) {
    expect(body).toContain(`${line}\n`);
  }
});

test('a code that is in no list counts as other, so that labels stay few', async () => {
  const metrics = createMetrics(facts);
  metrics.requestAnswered('keepalive', 'made up', 1);
  const { body } = await metrics.render();
  expect(body).toContain('hostmesh_agent_requests_total{type="keepalive",outcome="other"} 1');
  expect(body).not.toContain('made up');
});
