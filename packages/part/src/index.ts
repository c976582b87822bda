export { tryDisk, whyNotWritten, type DiskFault } from './disk/disk-fault.ts';
export {
  errnoOf,
  isDiskFull,
  printBytes,
  printDiskSpace,
  readDiskSpace,
  type DiskSpace,
} from './disk/disk-space.ts';
export { LogFile, type LogDisk, type LogFileOptions } from './disk/log-file.ts';
export { writeWhole } from './disk/write-whole.ts';
export {
  EXIT_BUG,
  ignoredSignals,
  livePart,
  stopSignals,
  type LifeEvent,
  type PartLife,
} from './life/part-life.ts';
export {
  secretSettings,
  startOverWithoutSecrets,
  withSecretsRead,
  writeSecret,
} from './secret/hide-secrets.ts';
export {
  mayReadMetrics,
  readMetricsAccess,
  type MetricsAccess,
  type MetricsSettings,
} from './secret/metrics-access.ts';
export { secretIn, whyWeak } from './secret/strong-secret.ts';
export { outputLog } from './log/output-log.ts';
export { Trouble, type TroubleListener } from './log/trouble.ts';
export {
  hostConnectionsWithin,
  howToRaise,
  readOpenFileLimit,
  type OpenFileLimit,
} from './limits/open-files.ts';
export { whyNoProcess } from './limits/why-no-process.ts';
export { CLIENT_MARK_HEADER, markClient, readClientMark, type MarkedClient } from './door/client-mark.ts';
export { guardServer, LISTEN_BACKLOG, type ServerDoor } from './door/guard-server.ts';
