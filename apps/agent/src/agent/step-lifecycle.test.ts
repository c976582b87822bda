import { lifecycles } from '@hostmesh/protocol';
import { describe, expect, test } from 'vitest';
import { stepLifecycle } from './step-lifecycle.ts';

test.each([
  ['detached', 'proc_created', 'attached'],
  ['detached', 'drain_requested', 'detached'],
  ['attached', 'proc_created', 'attached'],
  ['attached', 'drain_requested', 'draining'],
  ['attached', 'emptied', 'detached'],
  ['detached', 'emptied', 'detached'],
  ['draining', 'emptied', 'draining'],
  ['draining', 'drain_requested', 'draining'],
  ['draining', 'proc_created', 'draining'],
  ['draining', 'drained', 'detached'],
] as const)('%s, %s: %s', (from, event, to) => {
  expect(stepLifecycle(from, event)).toBe(to);
});

describe('shutdown', () => {
  test.each(lifecycles)('can be asked for while %s', (from) => {
    expect(stepLifecycle(from, 'shutdown_requested')).toBe('shutdown');
  });

  test.each(['proc_created', 'drain_requested', 'drained', 'emptied', 'shutdown_requested'] as const)(
    'is final: %s does not end it',
    (event) => {
      expect(stepLifecycle('shutdown', event)).toBe('shutdown');
    },
  );
});
