export { type ApiFault } from './call/api-fault.ts';
export { callAllPages, createClient, type Client, type ClientOptions } from './call/client.ts';
export { pathOf } from './call/request.ts';
export { followEvents, followLogs, type FollowOptions } from './events/follow.ts';
