import { choiceField, durationError, flagField, numberSent, textField, type Choices } from './field-kinds.ts';
import { argsField, bindField, dimsField, envField, overridesField } from './row-fields.ts';

/** When a proc counts as ready, as it is offered. */
export const readinessKinds = ['alive', 'tcp', 'http', 'output', 'descriptor'] as const;
/** After which ends a proc is started again, as it is offered. */
export const restartChoices = ['never', 'on_failure', 'always'] as const;

const hasPort = ({ ready }: Choices) => ready === 'tcp' || ready === 'http';
const isRestarted = ({ restart }: Choices) => restart !== 'never';

/**
 * The fields of the spawn form, in the order of a link: where the request has them, their name in a link, and what else
 * tells them apart. The state of the form, its draft, its links, the request and the places of errors all follow from it.
 */
export const spawnFields = {
  name: textField('name', 'name', { isNeeded: true, noun: 'A name', of: ({ name }) => name }),
  dims: dimsField,
  program: textField('command.program', 'program', {
    isNeeded: true,
    noun: 'A program',
    of: ({ command }) => command.program,
  }),
  args: argsField,
  env: envField,
  arg0: textField('command.arg0', 'arg0', {
    isHidden: true,
    noun: 'The other name of a program',
    of: ({ command }) => command.arg0,
  }),
  cwd: textField('command.cwd', 'cwd', { noun: 'A working directory', of: ({ command }) => command.cwd }),
  bind: bindField,
  ready: choiceField('readiness.kind', 'ready', readinessKinds, ({ readiness }) => readiness.kind),
  aliveFor: textField('readiness.for', 'for', {
    when: ({ ready }) => ready === 'alive',
    wrong: durationError(0),
    of: ({ readiness }) => (readiness.kind === 'alive' ? readiness.for : null),
  }),
  port: textField('readiness.port', 'port', {
    when: hasPort,
    isNeeded: true,
    send: numberSent,
    rule: 'A port is a whole number from 1 to 65535.',
    of: ({ readiness }) => ('port' in readiness ? readiness.port : null),
  }),
  perSlot: flagField('readiness.perSlot', 'perSlot', {
    empty: true,
    when: hasPort,
    of: ({ readiness }) => 'port' in readiness && readiness.perSlot === true,
  }),
  path: textField('readiness.path', 'path', {
    when: ({ ready }) => ready === 'http',
    empty: '/',
    noun: 'A path',
    send: (text) => text,
    of: ({ readiness }) => (readiness.kind === 'http' ? readiness.path : null),
  }),
  contains: textField('readiness.contains', 'contains', {
    when: ({ ready }) => ready === 'output',
    isNeeded: true,
    noun: 'A text',
    send: (text) => text || undefined,
    of: ({ readiness }) => (readiness.kind === 'output' ? readiness.contains : null),
  }),
  readyTimeout: textField('readiness.timeout', 'readyTimeout', {
    wrong: durationError(0),
    of: ({ readiness }) => readiness.timeout,
  }),
  restart: choiceField('restart.policy', 'restart', restartChoices, ({ restart }) => restart.policy),
  limit: textField('restart.limit', 'limit', {
    when: isRestarted,
    send: numberSent,
    rule: 'A whole number from 0 to 1000 is needed.',
    of: ({ restart }) => restart.limit,
  }),
  backoff: textField('restart.backoff', 'backoff', {
    when: isRestarted,
    wrong: durationError(0),
    of: ({ restart }) => restart.backoff,
  }),
  keep: flagField('keep', 'keep', { of: ({ keep }) => keep }),
  timeout: textField('timeout', 'timeout', { wrong: durationError(1), of: ({ timeout }) => timeout }),
  overrides: overridesField,
};
