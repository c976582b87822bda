import type { FullConfig } from '@playwright/test';
import { startStack } from './stack.ts';

/** Starts the product once for all stories; what it returns ends it. Playwright wants a default export. */
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const { stack, stop } = await startStack(workers);
  process.env.HOSTMESH_E2E_STACK = JSON.stringify(stack);
  return stop;
}
