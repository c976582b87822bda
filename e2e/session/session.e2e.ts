import { test as plain } from '@playwright/test';
import { expect, test } from '../stack/story.ts';
import type { Stack } from '../stack/stack.ts';

test('the printed URL signs in by itself and leaves no token in the address bar', async ({ page }) => {
  expect(page.url()).not.toContain('token');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

plain(
  'without a token a deep link asks for it, says what is wrong with a bad one, and leads on after a good one',
  async ({ page }) => {
    const stack: Stack = JSON.parse(process.env.HOSTMESH_E2E_STACK ?? '');
    const { origin, hash } = new URL(stack.url);
    await page.goto(`${origin}/attempts`);
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel(/token/i).fill('hm_wrong');
    await page.getByRole('button', { name: /sign in/i }).click();
    await expect(page.getByRole('alert').filter({ hasText: /token/i })).toBeVisible();
    await page.getByLabel(/token/i).fill(hash.replace('#token=', ''));
    await page.getByRole('button', { name: /sign in/i }).click();
    await expect(page.getByRole('heading', { name: 'Attempts' })).toBeVisible();
  },
);
