import { localAgents } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

const chip = /^(live|polling every 3 s|stale since \d\d:\d\d:\d\d|no API)$/;

test('without the stream of changes pages are read again, without the API they say since when they are old', async ({
  page,
  stack,
  attach,
}) => {
  const streams = '**/api/v1/events*';
  const everything = '**/api/v1/**';
  const freshness = page.getByRole('banner').getByRole('button', { name: chip });
  await page.route(streams, (route) => route.abort());
  await page.goto('/attempts');
  await expect(freshness).toHaveText('polling every 3 s');
  await attach({ mesh: 'live-polled', hosts: localAgents(stack) });
  const row = page.getByRole('row').filter({ hasText: 'live-polled' });
  await expect(row).toContainText('4 of 4');

  await page.route(everything, (route) => route.abort());
  await expect(freshness).toHaveText('no API');
  await expect(page.getByRole('alert').getByText('The API does not answer')).toBeVisible();
  await expect(page.getByText(/The API does not answer; it is asked again every 3 s/)).toBeVisible();
  await expect(row).toContainText('4 of 4');

  await page.unroute(everything);
  await page.unroute(streams);
  await expect(freshness).toHaveText('live');
  await expect(page.getByText('The API does not answer')).toHaveCount(0);
});
