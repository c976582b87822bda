export { LocalNetwork } from './local/local-network.ts';
