// The entry point `@hostmesh/core/reference`: words of the reference that nothing of Hostmesh speaks yet. They are kept, and tested,
// as one vocabulary with those that are spoken; a part that begins to speak one moves it to the index.
export { sameAddress } from './address/address.ts';
export { makePoint, parsePoint, rankOfPoint } from './geometry/point.ts';
export { makeSlice, sliceCoordinates, sliceGet, sliceRanks } from './geometry/slice.ts';
export { parseActorId, parseEntityId, parsePortId } from './id/entity-id.ts';
export { parseEntityAddress, printLocation } from './id/location.ts';
export { inspectResourceId, resourceIdOfName } from './id/resource-id.ts';
export { compareUids, parseUid, printUid, sameUid } from './id/uid.ts';
export { printProcStatus } from './proc/proc-status.ts';
export { coveredBelow, mergeOverlays, overlayOfRank } from './proc/status-overlay.ts';
export { clampMin, compareStatuses, isHealthy, parseStatus, sameStatus } from './proc/status.ts';
export { parseBindSpec, printBindSpec, type BindSpec } from './address/bind-spec.ts';
export { newerState, type State } from './reference/reported-state.ts';
export {
  applyOverlay,
  uniformValueMesh,
  valueMeshOf,
  valuesOf,
  type ValueMesh,
} from './reference/value-mesh.ts';
