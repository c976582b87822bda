export { type ApiFault } from './call/api-fault.ts';
export { type Client, type ClientOptions, createClient } from './call/client.ts';
export { callAllPages } from './call/pages.ts';
export { type CallInput, type CallReply, pathOf } from './call/request.ts';
export { followEvents, type FollowOptions } from './events/follow.ts';
export { followLogs, type FollowLogsOptions } from './events/follow-logs.ts';
export { type StreamState } from './events/stream.ts';
