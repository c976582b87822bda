import { adminKeys } from './admin-keys.ts';
import type { ConfigKey } from './key.ts';
import { meshKeys, processKeys } from './mesh-keys.ts';
import { tlsKeys, transportKeys } from './transport-keys.ts';

/** Every key that there is, sorted by dump name (Reference 7.4). */
export const configKeys: readonly ConfigKey[] = [meshKeys, processKeys, adminKeys, transportKeys, tlsKeys]
  .flatMap((group): ConfigKey[] => Object.values(group))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const byNameOrKey = new Map(configKeys.flatMap((key) => [[key.key, key] as const, [key.name, key] as const]));

/** The key with this constant (`PROC_SPAWN_MAX_IDLE`) or this dump name. */
export const findConfigKey = (nameOrKey: string): ConfigKey | undefined => byNameOrKey.get(nameOrKey);

/** Keys whose values our own code reads. */
export const {
  PROC_SPAWN_MAX_IDLE,
  PROC_STOP_MAX_IDLE,
  GET_PROC_STATE_MAX_IDLE,
  SUPERVISION_POLL_FREQUENCY,
  MESH_ATTACH_CONFIG_TIMEOUT,
  MESH_BOOTSTRAP_ENABLE_PDEATHSIG,
  MESH_TERMINATE_CONCURRENCY,
  MESH_TERMINATE_TIMEOUT,
} = meshKeys;
export const { PROCESS_EXIT_TIMEOUT } = processKeys;
export const { TLS_CERT, TLS_KEY, TLS_CA } = tlsKeys;
