export {
  AgentFault,
  agentFaultCodes,
  Answer,
  AnswerResult,
  DumpedEntry,
  type AgentFaultCode,
  type AnswerKind,
} from './message/answer.ts';
export {
  AGENT_PATH,
  configLayerNames,
  ConfigLayerName,
  Digest,
  Epoch,
  HostTime,
  InstalledConfig,
  Lifecycle,
  lifecycles,
  MAX_FRAME_BYTES,
  Owner,
  PROTOCOL_VERSION,
  PushedAttrs,
  KeyWithoutEffect,
  MAX_KEYS_WITHOUT_EFFECT,
  ShadowReport,
  SUBPROTOCOL,
} from './message/common.ts';
export { readAnswer, refused, type AnswerOf, type RequestFault } from './message/answer-to.ts';
export {
  encodeAnswer,
  encodeRequest,
  type AgentReply,
  type EncodedRequest,
  type RequestOf,
} from './message/encode.ts';
export { heardOf, orderOf, toldEpoch, type PlaceInOrder } from './message/epochs.ts';
export { AgentChange, AgentEvent } from './message/event.ts';
export { AgentFrame, parseAgentFrame, parseRequest, type FrameFault } from './message/frame.ts';
export type { ClockOffset } from './host-clock.ts';
export { FormerHost, Hello } from './message/hello.ts';
export {
  OpenOutputLine,
  FormerEnd,
  MAX_FORMER_LINES,
  OutputEntry,
  ProcBind,
  ProcCommand,
  ProcExit,
  ProcReport,
  ProcSpec,
  Readiness,
  ReportedStatus,
  RestartPolicy,
  UsageReport,
} from './message/proc-report.ts';
export { ProcMeshLease, ReadLogs, SpawnProcs, StopProcs } from './message/proc-request.ts';
export {
  AgentRequest,
  ConfigDump,
  DrainHost,
  Keepalive,
  RestoreClientConfig,
  isSameOwner,
  mayReplace,
  SetClientConfig,
  ShutdownHost,
  StreamState,
  type AgentRequestType,
} from './message/request.ts';

export { AgentKey, MIN_KEY_BYTES, readAgentKey, type AgentKeySource } from './proof/agent-key.ts';
export { needsKey } from './proof/needs-key.ts';
export { whyOthersCanChange } from './proof/private-path.ts';
export { agentSide, isNonce, NONCE_HEADER, type AgentSide } from './proof/proof.ts';
export { VERSION_HEADER } from './message/version.ts';

// For clients of agents.
export { readTlsCredentials, type TlsCredentials } from './dial/tls-credentials.ts';
export { createTransport, type TransportOptions } from './dial/create-transport.ts';
export type {
  Closed,
  Connection,
  ConnectFault,
  ConnectOptions,
  ConnectPhase,
  Transport,
} from './transport.ts';

// For agents.
export type { CloseReason } from './channel/frame-channel.ts';
export { LocalNetwork } from './channel/local-network.ts';
export type { AgentHandler, ClientConnection, StreamReply } from './server/agent-handler.ts';
export type { HttpAnswer, HttpHandler } from './server/http.ts';
export type { ListenFault } from './server/listen.ts';
export { isLoopback } from './server/loopback.ts';
export { serveAgent, type AgentServer, type ServeOptions } from './server/serve-agent.ts';
