export {
  addressKey,
  dialHalf,
  sameAddress,
  type AddressFault,
  type AddressFaultCode,
  type ChannelAddress,
  type TcpAddress,
} from './address/address.ts';
export { isAllowedHost, isLoopbackName, parseAllowedHosts } from './address/allowed-hosts.ts';
export { parseBindSpec, printBindSpec, type BindSpec } from './address/bind-spec.ts';
export { parseAddress } from './address/parse.ts';
export { printAddress, printAddressUrl } from './address/print.ts';
export { inParallel } from './async/in-parallel.ts';
export type { ConfigCodec } from './config/codec.ts';
export { dumpConfig, REDACTED, type ConfigDumpEntry } from './config/dump.ts';
export type { ConfigKey } from './config/key.ts';
export {
  configKeys,
  findConfigKey,
  GET_PROC_STATE_MAX_IDLE,
  MESH_ATTACH_CONFIG_TIMEOUT,
  MESH_BOOTSTRAP_ENABLE_PDEATHSIG,
  MESH_TERMINATE_CONCURRENCY,
  MESH_TERMINATE_TIMEOUT,
  PROC_SPAWN_MAX_IDLE,
  PROC_STOP_MAX_IDLE,
  PROCESS_EXIT_TIMEOUT,
  SUPERVISION_POLL_FREQUENCY,
  TLS_CA,
  TLS_CERT,
  TLS_KEY,
} from './config/keys.ts';
export {
  configSources,
  configValue,
  effective,
  emptyLayers,
  layersOf,
  lookup,
  mergeLayer,
  shadowedBy,
  valueIn,
  withLayer,
  type ConfigAttrs,
  type ConfigLayer,
  type ConfigLayers,
  type ConfigLookup,
  type ConfigSource,
} from './config/layers.ts';
export { parseConfigOverrides, parsePushedAttrs, type ConfigFault } from './config/overrides.ts';
export { readEnvLayer, readFileLayer, type ConfigProblem, type ConfigReading } from './config/read-values.ts';
export { csvLine, type CsvValue } from './csv/csv-line.ts';
export { MAX_WAIT_MS, parseDuration, printDuration } from './duration/duration.ts';
export { assertNever, fail, ok, type Fault, type Result } from './fault/fault.ts';
export { type DimsFault } from './geometry/dims.ts';
export {
  concatExtents,
  extentOf,
  makeExtent,
  numRanks,
  printExtent,
  type Extent,
  type ExtentFault,
} from './geometry/extent.ts';
export {
  makePoint,
  parsePoint,
  pointOfRank,
  printPoint,
  rankOfPoint,
  type Point,
  type PointFault,
} from './geometry/point.ts';
export {
  extentOfRegion,
  parseRegion,
  printRange,
  printRegion,
  rangeOfIndex,
  regionOfExtent,
  regionRanks,
  sliceRegion,
  type Range,
  type Region,
} from './geometry/region.ts';
export {
  makeSlice,
  sliceCoordinates,
  sliceGet,
  sliceIndex,
  sliceRanks,
  type Slice,
  type SliceFault,
} from './geometry/slice.ts';
export { type ListedHost } from './host-list/collect.ts';
export { type HostListError, type HostListFault } from './host-list/fault.ts';
export { parseHostList, type HostList } from './host-list/host-list.ts';
export {
  parseActorId,
  parseEntityId,
  parsePortId,
  parseProcId,
  printEntityId,
  type ActorId,
  type EntityId,
  type EntityIdFault,
  type Port,
  type PortId,
  type ProcId,
} from './id/entity-id.ts';
export {
  parseEntityAddress,
  parseLocation,
  printEntityAddress,
  printLocation,
  type EntityAddress,
  type Location,
} from './id/location.ts';
export {
  inspectResourceId,
  instanceHostMeshId,
  instanceId,
  parseHostMeshId,
  parseResourceId,
  printHostMeshId,
  printResourceId,
  resourceIdOfName,
  type ActorMeshId,
  type HostMeshId,
  type ProcMeshId,
  type ResourceId,
  type ResourceKind,
} from './id/resource-id.ts';
export { parseLabel, stripLabel, type LabelFault } from './label/label.ts';
export { describeProc, RESTART_MARK, type DescribedProc } from './proc/describe-proc.ts';
export { isOwnVariable, ownEnvironment, ownVariables } from './proc/own-environment.ts';
export { procIdOf } from './proc/proc-id.ts';
export {
  coveredBelow,
  makeOverlay,
  mergeOverlays,
  overlayOfRank,
  type Overlay,
  type OverlayFault,
  type Run,
  type Same,
} from './status/overlay.ts';
export {
  ladderSteps,
  printProcStatus,
  statusOfProc,
  stopCauses,
  type LadderStep,
  type ProcStatus,
  type StopCause,
} from './status/proc-status.ts';
export { signalNumber } from './status/signal.ts';
export { newerState, type State } from './status/state.ts';
export {
  clampMin,
  compareStatuses,
  isFailure,
  isHealthy,
  isTerminated,
  isTerminating,
  parseStatus,
  printStatus,
  sameStatus,
  satisfiesWait,
  statusKinds,
  type Status,
  type StatusKind,
} from './status/status.ts';
export {
  applyOverlay,
  uniformValueMesh,
  valueMeshOf,
  valuesOf,
  type ValueMesh,
} from './status/value-mesh.ts';
export { decodeBase58, encodeBase58 } from './uid/base58.ts';
export { compareUids, parseUid, printUid, sameUid, type Uid, type UidFault } from './uid/uid.ts';
