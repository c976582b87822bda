import { expect, test } from 'vitest';
import { crumbsOf } from './breadcrumbs.tsx';

test.each([
  ['/', []],
  ['/meshes', ['Meshes']],
  ['/meshes/mesh_1', ['Meshes', 'mesh_1']],
  ['/meshes/mesh_1/hosts/7', ['Meshes', 'mesh_1', 'host 7']],
  ['/meshes/mesh_1/spawn', ['Meshes', 'mesh_1', 'Spawn procs']],
  ['/procs', ['Procs']],
  ['/procs/all', ['Procs', 'All procs']],
  ['/procs/workers-0-abc', ['Procs', 'workers-0-abc']],
  ['/orphans', ['Procs', 'Orphans']],
  ['/proc-meshes/pm_1', ['Procs', 'pm_1']],
  ['/proc-meshes/pm_1/procs/3', ['Procs', 'pm_1', 'rank 3']],
  ['/attempts/att_1', ['Attempts', 'att_1']],
  ['/config/TLS_KEY', ['Config', 'TLS_KEY']],
  ['/nowhere', []],
])('%s has the steps %j', (pathname, steps) => {
  expect(crumbsOf(pathname).map((crumb) => (crumb.kind === 'page' ? crumb.label : crumb.id))).toEqual(steps);
});
