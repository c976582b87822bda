import { expect, test } from 'vitest';
import { targetHref } from './audit-columns.tsx';

test.each([
  ['attach', 'train att_1', '/attempts/att_1'],
  ['attempt.cancel', 'att_1', '/attempts/att_1'],
  ['mesh.stop', 'train-Bp1', '/meshes/train-Bp1'],
  ['session.login', '127.0.0.1', null],
  ['session.logout', null, null],
])('what %s did to %j is shown at %j', (action, target, href) => {
  expect(targetHref({ action, target })).toBe(href);
});
