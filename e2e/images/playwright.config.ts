import { defineConfig } from '@playwright/test';
import stories from '../playwright.config.ts';

/** Draws the pictures of `docs/images` anew: `pnpm --filter @hostmesh/e2e images`. */
export default defineConfig({
  ...stories,
  testDir: '.',
  testMatch: '*.image.ts',
  globalSetup: '../stack/global-setup.ts',
});
