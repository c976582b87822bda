export { type ApiFault } from './call/api-fault.ts';
export { type Client, type ClientOptions, createClient } from './call/client.ts';
export { callAllPages } from './call/pages.ts';
export { type CallInput, type CallReply, pathOf } from './call/request.ts';
export { followEvents, type FollowOptions, type StreamState } from './events/follow.ts';
