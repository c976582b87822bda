import { expect, test } from 'vitest';
import { startAgent } from '../testing/api-agent.ts';
import { attachTo, procsOf, shellCommand, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi } from '../testing/test-api.ts';

test('the last words of procs that end with their mesh are kept', async () => {
  const api = await startTestApi();
  const meshId = await attachTo(api, [await startAgent()], { PROCESS_EXIT_TIMEOUT: '5s' });
  const command = shellCommand('trap "echo last words; exit" TERM; echo ready; while :; do sleep 0.1; done');
  const readiness = { kind: 'output', contains: 'ready' };
  const { body } = await spawnOn(api, meshId, { command, readiness, perHost: { slots: 30 } });
  const procs = await procsOf(api, body.id);
  expect(procs).toHaveLength(30);
  expect(await api.send('POST', `/meshes/${meshId}/stop`, { timeout: '60s' })).toMatchObject({ status: 200 });
  for (const { id } of procs) {
    expect((await api.send('GET', `/procs/${id}/logs?after=0`)).body).toMatchObject({
      entries: [{ text: 'ready' }, { text: 'last words' }],
      ended: true,
      gaps: [],
    });
  }
});
