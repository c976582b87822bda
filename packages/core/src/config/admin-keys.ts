import { declareKeys, pushed } from './key.ts';
import { duration, nonZeroInteger, string } from './scalar-codecs.ts';
import { socketAddress } from './structured-codecs.ts';

/** Keys of the mesh admin API (Reference 7.4 and 13). */
export const adminKeys = declareKeys('hyperactor_mesh::config', {
  MESH_ADMIN_ADDR: pushed(
    'HYPERACTOR_MESH_ADMIN_ADDR',
    socketAddress,
    '[::]:1729',
    'Where the admin HTTP server listens.',
  ),
  MESH_ADMIN_MAX_CONCURRENT_RESOLVES: pushed(
    'HYPERACTOR_MESH_ADMIN_MAX_CONCURRENT_RESOLVES',
    nonZeroInteger(),
    '2',
    'References that the admin resolves at the same time; beyond it answers 503.',
  ),
  MESH_ADMIN_SINGLE_HOST_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_SINGLE_HOST_TIMEOUT',
    duration,
    '3s',
    'Time to resolve one reference; then the admin answers 504.',
  ),
  MESH_ADMIN_RESOLVE_ACTOR_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_RESOLVE_ACTOR_TIMEOUT',
    duration,
    '200ms',
    'Time for a live actor or proc agent to answer the admin.',
  ),
  MESH_ADMIN_QUERY_CHILD_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_QUERY_CHILD_TIMEOUT',
    duration,
    '100ms',
    'Time for a host agent to answer the admin about a child.',
  ),
  MESH_ADMIN_TREE_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_TREE_TIMEOUT',
    duration,
    '10s',
    'Time to resolve one reference of the tree view.',
  ),
  MESH_ADMIN_CONFIG_DUMP_BRIDGE_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_CONFIG_DUMP_BRIDGE_TIMEOUT',
    duration,
    '5s',
    'Time for a config dump; then the admin answers 504.',
  ),
  MESH_ADMIN_PYSPY_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_PYSPY_TIMEOUT',
    duration,
    '10s',
    'Time for the profiler process of a stack dump.',
  ),
  MESH_ADMIN_PYSPY_BRIDGE_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_PYSPY_BRIDGE_TIMEOUT',
    duration,
    '13s',
    'Time of the admin for a stack dump; longer than that of the profiler.',
  ),
  MESH_ADMIN_PYSPY_CLIENT_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ADMIN_PYSPY_CLIENT_TIMEOUT',
    duration,
    '20s',
    'Time of the client for a stack dump; longer than that of the admin.',
  ),
  MESH_ADMIN_PYSPY_MAX_PROFILE_DURATION: pushed(
    'HYPERACTOR_MESH_ADMIN_PYSPY_MAX_PROFILE_DURATION',
    duration,
    '5m',
    'Longest profile that may be asked for.',
  ),
  PYSPY_BIN: pushed('PYSPY_BIN', string, '', 'The profiler; empty: py-spy on the PATH.'),
});
