import { bindSpec } from './structured-codecs.ts';
import {
  bool,
  choice,
  duration,
  integer,
  nonZeroInteger,
  optionalDuration,
  positiveDuration,
} from './scalar-codecs.ts';
import { declareKeys, pushed } from './key.ts';

/** Keys of meshes, procs and what the host does for them (Reference 7.4). */
export const meshKeys = declareKeys('hyperactor_mesh::config', {
  PROC_SPAWN_MAX_IDLE: pushed(
    'HYPERACTOR_MESH_PROC_SPAWN_MAX_IDLE',
    positiveDuration,
    '30s',
    'Longest time without news while procs of a new mesh become ready.',
  ),
  PROC_STOP_MAX_IDLE: pushed(
    'HYPERACTOR_MESH_PROC_STOP_MAX_IDLE',
    duration,
    '30s',
    'Longest time without news while a proc mesh stops.',
  ),
  GET_PROC_STATE_MAX_IDLE: pushed(
    'HYPERACTOR_MESH_GET_PROC_STATE_MAX_IDLE',
    positiveDuration,
    '1m',
    'Longest time without news while states of procs are asked for.',
  ),
  ACTOR_SPAWN_MAX_IDLE: pushed(
    'HYPERACTOR_MESH_ACTOR_SPAWN_MAX_IDLE',
    duration,
    '30s',
    'Longest time without news while actors of a new mesh start.',
  ),
  GET_ACTOR_STATE_MAX_IDLE: pushed(
    'HYPERACTOR_MESH_GET_ACTOR_STATE_MAX_IDLE',
    duration,
    '30s',
    'Longest time without news while states of actors are asked for.',
  ),
  SUPERVISION_WATCHDOG_TIMEOUT: pushed(
    'HYPERACTOR_MESH_SUPERVISION_WATCHDOG_TIMEOUT',
    duration,
    '2m',
    'After this long without a sign of its controller a subscriber calls it unreachable.',
  ),
  SUPERVISION_POLL_FREQUENCY: pushed(
    'HYPERACTOR_MESH_SUPERVISION_POLL_FREQUENCY',
    positiveDuration,
    '10s',
    'Pause between two polls of a controller.',
  ),
  MESH_ORPHAN_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ORPHAN_TIMEOUT',
    optionalDuration,
    '1m',
    'Procs whose client has not been heard for this long are stopped; empty: never.',
  ),
  MESH_ATTACH_CONFIG_TIMEOUT: pushed(
    'HYPERACTOR_MESH_ATTACH_CONFIG_TIMEOUT',
    positiveDuration,
    '1m',
    'Total deadline of a config push: hosts that have not installed it by then have failed.',
  ),
  MESH_TERMINATE_TIMEOUT: pushed(
    'HYPERACTOR_MESH_TERMINATE_TIMEOUT',
    duration,
    '10s',
    'Time for each escalation step when a host drains or shuts down.',
  ),
  MESH_TERMINATE_CONCURRENCY: pushed(
    'HYPERACTOR_MESH_TERMINATE_CONCURRENCY',
    integer(),
    '16',
    'Procs that a host terminates at the same time, clamped to 1 to 256.',
  ),
  MESH_BOOTSTRAP_ENABLE_PDEATHSIG: pushed(
    'HYPERACTOR_MESH_BOOTSTRAP_ENABLE_PDEATHSIG',
    bool,
    '1',
    'Children are killed when their parent dies (Linux).',
  ),
  MESH_TAIL_LOG_LINES: pushed(
    'HYPERACTOR_MESH_TAIL_LOG_LINES',
    integer(),
    '0',
    'Lines of stderr kept for each child.',
  ),
  MESH_ENABLE_LOG_FORWARDING: pushed(
    'HYPERACTOR_MESH_ENABLE_LOG_FORWARDING',
    bool,
    '0',
    'Output of children is streamed to the client.',
  ),
  MESH_ENABLE_FILE_CAPTURE: pushed(
    'HYPERACTOR_MESH_ENABLE_FILE_CAPTURE',
    bool,
    '0',
    'Output of children is written to a file on the host.',
  ),
  MESH_PROC_LAUNCHER_KIND: pushed(
    'HYPERACTOR_MESH_PROC_LAUNCHER_KIND',
    choice('', 'native', 'systemd'),
    '',
    'What launches procs: native or systemd; empty: native.',
  ),
  DEFAULT_TRANSPORT: pushed(
    'HYPERACTOR_MESH_DEFAULT_TRANSPORT',
    bindSpec,
    'unix',
    'Where locally created endpoints bind.',
  ),
  MAX_CAST_FANOUT: pushed(
    'HYPERACTOR_MESH_MAX_CAST_FANOUT',
    nonZeroInteger(),
    '16',
    'Children of each node of a cast tree.',
  ),
  MAX_CAST_DIMENSION_SIZE: pushed(
    'HYPERACTOR_MESH_MAX_CAST_DIMENSION_SIZE',
    nonZeroInteger(),
    '16',
    'Longest dimension of a cast tree before it is folded (legacy).',
  ),
});

/** Keys of child processes and their output, without the mesh prefix in the environment. */
export const processKeys = declareKeys('hyperactor_mesh::config', {
  PROCESS_EXIT_TIMEOUT: pushed(
    'HYPERACTOR_PROCESS_EXIT_TIMEOUT',
    duration,
    '10s',
    'Time for each escalation step when a proc is stopped.',
  ),
  HOST_SPAWN_READY_TIMEOUT: pushed(
    'HYPERACTOR_HOST_SPAWN_READY_TIMEOUT',
    duration,
    '30s',
    'Time for a started child to call back; 0s: wait without limit.',
  ),
  READ_LOG_BUFFER: pushed(
    'HYPERACTOR_READ_LOG_BUFFER',
    integer(),
    '100',
    'Lines of child output buffered for each read.',
  ),
  FORCE_FILE_LOG: pushed('HYPERACTOR_FORCE_FILE_LOG', bool, '0', 'Output of children always goes to a file.'),
  PREFIX_WITH_RANK: pushed(
    'HYPERACTOR_PREFIX_WITH_RANK',
    bool,
    '1',
    'Forwarded lines start with the rank they came from.',
  ),
  PROCESS_MEMORY_METRIC_INTERVAL: pushed(
    'HYPERACTOR_PROCESS_MEMORY_METRIC_INTERVAL',
    duration,
    '5m',
    'Pause between two measurements of the memory of processes.',
  ),
});
