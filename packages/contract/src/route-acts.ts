import type { RouteName, routes } from './routes.ts';
import type { ChangeAct } from './state-change.ts';

type ChangingRouteName = {
  [Name in RouteName]: (typeof routes)[Name]['method'] extends 'GET' ? never : Name;
}[RouteName];

/**
 * By which act each of these routes changes states of hosts, meshes, attempts or procs: null for those that change none. A route
 * that is new does not compile until it says.
 */
export const routeActs: Readonly<Record<ChangingRouteName, ChangeAct | null>> = {
  startAttach: 'attach',
  retryAttempt: 'retry',
  cancelAttempt: 'cancel',
  preflight: null,
  forgetHost: 'forget',
  pushConfig: 'push',
  stopMesh: 'stop',
  shutdownMesh: 'shutdown',
  spawnProcMesh: 'spawn',
  stopProcMesh: 'stop_procs',
  seenProcMesh: null,
  stopOrphans: 'stop_orphans',
  login: null,
  logout: null,
  makeSignInCode: null,
};
