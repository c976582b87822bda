export { answerHeaders } from './address/answer-headers.ts';
export { addressKey, dialHalf, type ChannelAddress, type TcpAddress } from './address/address.ts';
export { addressSpellings } from './address/address-spellings.ts';
export { apiUrlOf, DEFAULT_API_PORT, DEFAULT_WEB_PORT } from './address/api-url.ts';
export { isAllowedHost, isLoopbackName, parseAllowedHosts } from './address/allowed-hosts.ts';
export { parseAddress } from './address/parse-address.ts';
export { printAddress, printAddressUrl } from './address/print-address.ts';
export { dumpConfig, REDACTED } from './config/dump.ts';
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
  lookup,
  shadowedBy,
  valueIn,
  withLayer,
  type ConfigAttrs,
  type ConfigLayers,
} from './config/layers.ts';
export { parseConfigOverrides, parsePushedAttrs } from './config/overrides.ts';
export { readEnvLayer, readFileLayer, type ConfigProblem } from './config/read-values.ts';
export { assertNever, fail, ok, type Fault, type Result } from './fault.ts';
export {
  concatExtents,
  extentOf,
  makeExtent,
  numRanks,
  printExtent,
  type Extent,
} from './geometry/extent.ts';
export { pointOfRank, printPoint, type Point } from './geometry/point.ts';
export {
  extentOfRegion,
  parseRegion,
  printRegion,
  rangeOfIndex,
  regionOfExtent,
  regionRanks,
  sliceRegion,
  type Range,
  type Region,
} from './geometry/region.ts';
export { sliceIndex } from './geometry/slice.ts';
export type { HostListError } from './host-list/host-list-fault.ts';
export { parseHostList, type HostList } from './host-list/host-list.ts';
export { parseProcId, printEntityId, type ProcId } from './id/entity-id.ts';
export { parseLocation, printEntityAddress } from './id/location.ts';
export {
  instanceHostMeshId,
  instanceId,
  parseHostMeshId,
  parseResourceId,
  printHostMeshId,
  printResourceId,
  type HostMeshId,
  type ProcMeshId,
} from './id/resource-id.ts';
export { inParallel } from './in-parallel.ts';
export { callAfter, deadlineAfter, pauseFor, type Deadline } from './long-wait.ts';
export {
  type AfterEnd,
  afterEndOf,
  describeProc,
  describeRestarts,
  hasEndedForGood,
  RESTART_MARK,
} from './proc/describe-proc.ts';
export {
  endKindOf,
  endKinds,
  judgeEnds,
  noEnds,
  troubleOf,
  type EndCounts,
  type EndKind,
} from './proc/judge-ends.ts';
export { isOwnVariable, ownEnvironment, ownVariables } from './proc/own-environment.ts';
export { procIdOf } from './proc/proc-id.ts';
export {
  commandRefusals,
  ladderSteps,
  HOST_LIMIT,
  startFaultCodes,
  statusOfProc,
  stopCauses,
  type CommandRefusal,
  type LadderStep,
  type ProcStatus,
  type StopCause,
} from './proc/proc-status.ts';
export { signalNumber } from './proc/signal.ts';
export { makeOverlay, type StatusRun } from './proc/status-overlay.ts';
export {
  isFailure,
  isTerminated,
  isTerminating,
  printStatus,
  satisfiesWait,
  statusKinds,
  type Status,
  type StatusKind,
} from './proc/status.ts';
export { encodeBase58 } from './text/base58.ts';
export { csvLine, type CsvValue } from './text/csv-line.ts';
export { shownJson, shownLine, shownText, unseenIn, unseenInLines } from './text/shown-text.ts';
export { allOf, countOf, formatCount, oneOrMany, timesText } from './text/count.ts';
export { MAX_DURATION_MS, parseDuration, printDuration, type DurationRange } from './text/duration.ts';
export { shortDigest } from './text/short-digest.ts';
export { parseLabel, stripLabel } from './text/label.ts';
