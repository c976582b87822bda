import { expect, test } from 'vitest';
import { crumbsOf } from './crumbs.ts';

test.each([
  ['/', []],
  ['/meshes', ['Meshes']],
  ['/meshes/mesh_1', ['Meshes', 'mesh_1']],
  ['/meshes/mesh_1/hosts/7', ['Meshes', 'mesh_1', 'host 7']],
  ['/attempts/att_1', ['Attempts', 'att_1']],
  ['/config/TLS_KEY', ['Config', 'TLS_KEY']],
  ['/nowhere', []],
])('%s has the steps %j', (pathname, steps) => {
  expect(crumbsOf(pathname).map((crumb) => (crumb.kind === 'mesh' ? crumb.id : crumb.label))).toEqual(steps);
});
