import { expect, signedOut, signIn, test } from '../stack/story.ts';

test.use({ storageState: signedOut });

test('the printed URL signs in by itself and leaves no token in the address bar', async ({ page, stack }) => {
  await signIn(page, stack);
  expect(page.url()).not.toContain('token');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('without a token a deep link asks for it, says what is wrong with a bad one, and leads on after a good one', async ({
  page,
  stack,
}) => {
  await page.goto('/attempts');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel(/token/i).fill('hm_wrong');
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(page.getByRole('alert').filter({ hasText: /token/i })).toBeVisible();
  await page.getByLabel(/token/i).fill(new URL(stack.url).hash.replace('#token=', ''));
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(page.getByRole('heading', { name: 'Attempts' })).toBeVisible();
});
