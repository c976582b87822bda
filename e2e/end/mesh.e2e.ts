import { expect, paragraph, test } from '../stack/story.ts';

test('stop says what ends and how a shutdown differs, and then which host could not be asked', async ({
  page,
  stack,
  agent,
  attach,
}) => {
  const well = `tcp:127.0.0.1:${stack.agentPort}`;
  await agent.start();
  const { meshId } = await attach({ mesh: 'end-stop', hosts: [well, agent.address] });
  await agent.kill();
  await page.goto(`/meshes/${meshId}`);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Stop end-stop' });
  await expect(question).toContainText('This gives the hosts back. Procs of this mesh end.');
  await expect(question).toContainText('To end the host agents too, use Shut down.');
  await expect(question).toContainText('2 hosts');
  await expect(question.getByRole('listitem')).toHaveText([well, agent.address]);
  await question.getByRole('button', { name: 'Stop end-stop' }).click();

  const report = page.getByRole('dialog', { name: 'Stop: 1 of 2 hosts done' });
  await expect(report.getByRole('listitem')).toHaveCount(1);
  await expect(report.getByRole('listitem')).toContainText(/unreachable.*connection refused/);
  await expect(report.getByRole('listitem')).toContainText(agent.address);
  await report.getByRole('button', { name: 'Close' }).last().click();
  await expect(paragraph(page, 'Given back')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Attach these hosts again' })).toBeVisible();
});

test('shut down says that the agents end, and ends them', async ({ page, agent, attach }) => {
  await agent.start();
  const { meshId } = await attach({ mesh: 'end-shutdown', hosts: agent.address });
  await page.goto(`/meshes/${meshId}`);
  await page.getByRole('button', { name: 'Shut down' }).click();
  const question = page.getByRole('dialog', { name: 'Shut down end-shutdown' });
  await expect(question).toContainText('all procs, whoever owns them, and then the host agents');
  await expect(question).toContainText('use Stop');
  await question.getByRole('button', { name: 'Shut down end-shutdown' }).click();

  await expect(page.getByRole('dialog', { name: 'Shut down: 1 of 1 host done' })).toContainText(
    'Every host answered.',
  );
  await page.keyboard.press('Escape');
  await expect(paragraph(page, '1 host left service.')).toBeVisible();
  await expect.poll(() => agent.isRunning()).toBe(false);
});
