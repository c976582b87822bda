import { spawnDefaults } from '@hostmesh/contract';
import {
  choiceField,
  durationError,
  flagField,
  numberSent,
  textField,
  type Choices,
  type ChoiceWords,
} from './field-kinds.ts';
import { argsField, bindField, dimsField, envField, overridesField } from './row-fields.ts';

/** When a proc counts as ready. */
export const readyChoices: ChoiceWords<Choices['ready']> = [
  ['alive', 'it is alive, or has exited with 0'],
  ['tcp', 'it accepts connections on a port'],
  ['http', 'it answers an HTTP path'],
  ['output', 'a line of its output contains a text'],
  ['descriptor', 'it writes a line to HOSTMESH_READY_FD'],
];
/** After which ends a proc is started again. */
export const restartChoices: ChoiceWords<Choices['restart']> = [
  ['never', 'never'],
  ['on_failure', 'after a failure'],
  ['always', 'after every end that nobody asked for'],
];

/** Whether readiness has a port. */
const hasPort = ({ ready }: Choices): boolean => ready === 'tcp' || ready === 'http';
const isRestarted = ({ restart }: Choices) => restart !== 'never';

/**
 * The fields of the spawn form, in the order of a link: where the request has them, their name in a link, and what else
 * tells them apart. The state of the form, its inputs, its draft, its links, the request and the places of errors all follow
 * from it.
 */
export const spawnFields = {
  name: textField('name', 'name', {
    label: 'Name',
    hint: 'For people; ids are made from it.',
    placeholder: 'workers',
    isNeeded: true,
    of: ({ name }) => name,
  }),
  dims: dimsField,
  program: textField('command.program', 'program', {
    label: 'Program',
    hint: 'Looked up on each host; its agent must allow it. No shell is involved.',
    placeholder: 'python3',
    isNeeded: true,
    of: ({ command }) => command.program,
  }),
  args: argsField,
  env: envField,
  arg0: textField('command.arg0', 'arg0', {
    label: 'Name for the program',
    isHidden: true,
    of: ({ command }) => command.arg0,
  }),
  cwd: textField('command.cwd', 'cwd', {
    label: 'Working directory',
    hint: 'An absolute path; empty for a directory of the proc’s own.',
    placeholder: '/srv/job',
    of: ({ command }) => command.cwd,
  }),
  runAs: textField('command.runAs', 'runAs', {
    label: 'User',
    hint: 'One that the agents allow, as in --run-as; empty for the first of them.',
    placeholder: 'nobody',
    of: ({ command }) => command.runAs,
  }),
  bind: bindField,
  ready: choiceField('readiness.kind', 'ready', readyChoices, {
    label: 'Ready when',
    of: ({ readiness }) => readiness.kind,
  }),
  aliveFor: textField('readiness.for', 'for', {
    label: 'Alive for',
    placeholder: spawnDefaults.aliveFor,
    when: ({ ready }) => ready === 'alive',
    wrong: durationError(0),
    of: ({ readiness }) => (readiness.kind === 'alive' ? readiness.for : null),
  }),
  port: textField('readiness.port', 'port', {
    label: 'Port',
    placeholder: '8080',
    inputMode: 'numeric',
    when: hasPort,
    isNeeded: true,
    send: numberSent,
    rule: 'A port is a whole number from 1 to 65535.',
    of: ({ readiness }) => ('port' in readiness ? readiness.port : null),
  }),
  path: textField('readiness.path', 'path', {
    label: 'Path',
    placeholder: '/',
    when: ({ ready }) => ready === 'http',
    empty: '/',
    send: (text) => text,
    of: ({ readiness }) => (readiness.kind === 'http' ? readiness.path : null),
  }),
  contains: textField('readiness.contains', 'contains', {
    label: 'Text',
    placeholder: 'ready',
    when: ({ ready }) => ready === 'output',
    isNeeded: true,
    send: (text) => text || undefined,
    of: ({ readiness }) => (readiness.kind === 'output' ? readiness.contains : null),
  }),
  readyTimeout: textField('readiness.timeout', 'readyTimeout', {
    label: 'Within',
    hint: 'It is stopped when it takes longer.',
    placeholder: '30s',
    wrong: durationError(0),
    of: ({ readiness }) => readiness.timeout,
  }),
  perSlot: flagField('readiness.perSlot', 'perSlot', {
    label: 'Each slot of a host has a port of its own',
    hint: 'The second proc of a host listens one port higher, and so on.',
    empty: true,
    when: hasPort,
    of: ({ readiness }) => 'port' in readiness && readiness.perSlot === true,
  }),
  restart: choiceField('restart.policy', 'restart', restartChoices, {
    label: 'Restart',
    of: ({ restart }) => restart.policy,
  }),
  limit: textField('restart.limit', 'limit', {
    label: 'Times in a row',
    hint: 'Then it has failed for good.',
    placeholder: String(spawnDefaults.restartLimit),
    inputMode: 'numeric',
    when: isRestarted,
    send: numberSent,
    rule: 'A whole number from 0 to 1000 is needed.',
    of: ({ restart }) => restart.limit,
  }),
  backoff: textField('restart.backoff', 'backoff', {
    label: 'First after',
    hint: `Then twice as long each time, up to ${spawnDefaults.maxBackoff}.`,
    placeholder: spawnDefaults.backoff,
    when: isRestarted,
    wrong: durationError(0),
    of: ({ restart }) => restart.backoff,
  }),
  keep: flagField('keep', 'keep', {
    label: 'Keep them when their host agent ends',
    hint: 'A restarted agent finds them again. Otherwise they end with it.',
    of: ({ keep }) => keep,
  }),
  timeout: textField('timeout', 'timeout', {
    label: 'Timeout',
    hint: 'Total, until every rank is ready; empty for as long as readiness may take.',
    placeholder: '1m',
    wrong: durationError(1),
    of: ({ timeout }) => timeout,
  }),
  overrides: overridesField,
};
