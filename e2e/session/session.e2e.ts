import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostmesh } from '../stack/hostmesh.ts';
import { expect, signedOut, test } from '../stack/story.ts';

test.use({ storageState: signedOut });

test('the printed URL signs in by itself, once, and leaves no code in the address bar', async ({
  page,
  stack,
  context,
}) => {
  await page.goto(stack.url);
  await expect(page).toHaveURL((url) => !url.pathname.startsWith('/sign-in'));
  expect(page.url()).not.toContain('code');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  // The session is this port's, and what it opens ends with it.
  const cookie = (await context.cookies(`${new URL(stack.url).origin}/api/v1`)).find(({ name }) =>
    name.startsWith('hostmesh_session_'),
  );
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/v1' });
  const elsewhere = await fetch(`http://127.0.0.1:${stack.apiPort}/api/v1/session`, {
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
  });
  expect(elsewhere.status).toBe(401);

  await context.clearCookies();
  await page.goto('about:blank');
  await page.goto(stack.url);
  await expect(page.getByRole('alert').filter({ hasText: /code was used/ })).toBeVisible();
  expect(page.url()).not.toContain('code');
  const { out } = await hostmesh(stack, ['sign-in']);
  await page.goto('about:blank');
  await page.goto(out.trim());
  await expect(page).toHaveURL((url) => !url.pathname.startsWith('/sign-in'));
});

test('without a token a deep link asks for it, says what is wrong with a bad one, and leads on after a good one', async ({
  page,
  stack,
}) => {
  const token = await readFile(join(stack.dataDir, 'admin-token'), 'utf8');
  await page.goto('/attempts');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel(/token/i).fill('hm_wrong');
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(page.getByRole('alert').filter({ hasText: /token/i })).toBeVisible();
  await page.getByLabel(/token/i).fill(token);
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(page.getByRole('heading', { name: 'Attempts' })).toBeVisible();
});
