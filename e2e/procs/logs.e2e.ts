import { readFile } from 'node:fs/promises';
import { expect, test } from '../stack/story.ts';

const counting = 'i=0; while :; do i=$((i+1)); echo "line $i of the story"; sleep 0.05; done';

test('output is followed, held still, searched and downloaded, and is still there when its host is gone', async ({
  page,
  attachAgents,
  spawn,
  procsOf,
}) => {
  const { meshId, agents } = await attachAgents('logs', 1);
  const { id } = await spawn(meshId, {
    name: 'talker',
    perHost: {},
    command: { program: 'sh', args: ['-c', counting] },
  });
  const [proc] = await procsOf(id);
  await page.goto(`/procs/${proc?.id}`);
  const output = page.getByRole('log', { name: 'Output' });
  const lastLine = async (): Promise<number> => {
    const numbers = [...(await output.innerText()).matchAll(/line (\d+) of the story/g)].map(([, number]) =>
      Number(number),
    );
    return Math.max(0, ...numbers);
  };
  await expect.poll(lastLine).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Pause' }).click();
  const note = page.getByRole('status').filter({ hasText: 'kept for later' });
  const last = await lastLine();
  await expect(page.getByRole('button', { name: /^Resume: \d\d+ new lines$/ })).toBeVisible();
  await expect(note).toContainText(/Paused at [\d,]+ lines; [\d,]+ new ones are kept for later\./);
  expect(await lastLine()).toBe(last);
  await page.getByRole('button', { name: /^Resume/ }).click();
  await expect.poll(lastLine).toBeGreaterThan(last + 9);

  await page.getByRole('searchbox', { name: 'Find in the output' }).fill('line 7 of');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1 line');
  await expect(output).toContainText('line 7 of the story');
  // Whoever follows the end again does so while the search goes on.
  await page.getByRole('button', { name: 'Follow the end' }).click();
  await expect.poll(lastLine).toBeGreaterThan(last + 20);
  const followed = await lastLine();
  await expect.poll(lastLine).toBeGreaterThan(followed + 20);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${proc?.id}.log`);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(20);
  expect(lines).toEqual(lines.map((_, index) => `line ${index + 1} of the story`));

  await agents[0]?.kill();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('nothing better is known until the host answers')).toBeVisible();
  await page.reload();
  await page.getByRole('searchbox', { name: 'Find in the output' }).fill('line 7 of');
  await expect(output).toContainText('line 7 of the story');
  await expect(page.getByText(/nothing new can be had/)).toBeVisible();
});
