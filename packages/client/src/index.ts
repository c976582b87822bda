export { type ApiFault } from './call/api-fault.ts';
export {
  callAllPages,
  callPages,
  createClient,
  type Client,
  type ClientOptions,
  type ItemOf,
} from './call/client.ts';
export { pathOf, type CallInput } from './call/request.ts';
export { followEvents, followLogs, type FollowOptions } from './events/follow.ts';
