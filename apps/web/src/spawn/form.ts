import {
  parseBind,
  type CommandRequest,
  type ReadinessRequest,
  type RestartRequest,
  type SpawnRequest,
} from '@hostmesh/contract';
import { splitCommandLine } from './command-line.ts';

/** A line of a list on the screen; `id` tells it apart and is not sent. */
export interface Item {
  readonly id: number;
}
export interface DimField extends Item {
  readonly label: string;
  readonly size: string;
}
export interface Argument extends Item {
  readonly text: string;
}
export interface Variable extends Item {
  readonly name: string;
  /** Null when it is not known: somebody has to type it. */
  readonly value: string | null;
}
/** What differs at one rank; what is empty does not differ. */
export interface RankOverride extends Item {
  readonly rank: string;
  readonly program: string;
  /** As a command line; empty keeps the arguments. */
  readonly args: string;
  /** `NAME=value`, one per line. */
  readonly env: string;
}
export type ReadinessKind = ReadinessRequest['kind'];
export type RestartChoice = RestartRequest['policy'];
export const readinessKinds = [
  'alive',
  'tcp',
  'http',
  'output',
  'descriptor',
] as const satisfies readonly ReadinessKind[];
export const restartPolicies = ['never', 'on_failure', 'always'] as const satisfies readonly RestartChoice[];

/** What the reader typed, as it is; nothing of it is lost by an error. */
export interface SpawnForm {
  readonly name: string;
  readonly dims: readonly DimField[];
  readonly program: string;
  readonly args: readonly Argument[];
  readonly arg0: string;
  readonly cwd: string;
  readonly env: readonly Variable[];
  /** A line for each slot of a host, as `printBind` writes it. */
  readonly bind: string;
  readonly readiness: {
    readonly kind: ReadinessKind;
    /** Of `alive`. */
    readonly aliveFor: string;
    readonly port: string;
    readonly perSlot: boolean;
    readonly path: string;
    readonly contains: string;
    readonly timeout: string;
  };
  readonly restart: {
    readonly policy: RestartChoice;
    readonly limit: string;
    readonly backoff: string;
  };
  readonly keep: boolean;
  readonly timeout: string;
  readonly overrides: readonly RankOverride[];
}

export const emptySpawnForm: SpawnForm = {
  name: '',
  dims: [],
  program: '',
  args: [],
  arg0: '',
  cwd: '',
  env: [],
  bind: '',
  readiness: { kind: 'alive', aliveFor: '', port: '', perSlot: true, path: '/', contains: '', timeout: '' },
  restart: { policy: 'never', limit: '', backoff: '' },
  keep: false,
  timeout: '',
  overrides: [],
};

/** A list with one more item, told apart from those that are there. */
export const withItem = <I extends Item>(items: readonly I[], item: Omit<I, 'id'>): readonly I[] =>
  // An item without its id is all that `Omit` leaves out.
  [...items, { ...item, id: Math.max(0, ...items.map(({ id }) => id)) + 1 } as I];

/** Texts as items of a list. */
export const itemsOf = <T extends object>(values: readonly T[]): readonly (T & Item)[] =>
  values.map((value, index) => ({ ...value, id: index + 1 }));

const given = (text: string) => text.trim() !== '';
const optional = <Name extends string>(name: Name, text: string) =>
  given(text) ? ({ [name]: text.trim() } as Record<Name, string>) : {};

/** A whole number written in digits alone; NaN for any other text, such as `-3`, `1e3` or nothing. */
export const wholeNumberOf = (text: string): number =>
  /^\d+$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;

/** A rank as it is sent: `01` is rank 1. */
export const rankOf = (text: string): string => text.trim().replace(/^0+(?=\d)/, '');

/** The extent per host; sizes that are no whole numbers count as 0. */
export const perHostOf = (form: SpawnForm): Record<string, number> =>
  Object.fromEntries(
    form.dims
      .filter(({ label }) => given(label))
      .map(({ label, size }) => [label.trim(), wholeNumberOf(size) || 0]),
  );

/** Reads `NAME=value`; the value is null when there is no `=`. */
export function pairOf(text: string): readonly [name: string, value: string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** The lines of an override's environment that say something, with their numbers. */
export const variableLinesOf = (text: string) =>
  text.split('\n').flatMap((line, index) => {
    const [name, value] = pairOf(line);
    return given(line) ? [{ line: index + 1, name: name.trim(), value }] : [];
  });

/** The lines of the form that bind slots. */
export const bindLinesOf = ({ bind }: SpawnForm): readonly string[] => bind.split('\n').filter(given);

/** Named variables whose value is known. */
const environmentOf = (variables: readonly Omit<Variable, 'id'>[]): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap(({ name, value }) => (given(name) && value !== null ? [[name.trim(), value]] : [])),
  );

/** What the form runs on every rank that is not overridden. */
export function commandOf(form: SpawnForm): CommandRequest {
  const env = environmentOf(form.env);
  return {
    program: form.program.trim(),
    ...(form.args.length > 0 && { args: form.args.map(({ text }) => text) }),
    ...optional('arg0', form.arg0),
    ...optional('cwd', form.cwd),
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/** What differs at a rank. */
export function overrideOf(override: RankOverride): Partial<CommandRequest> {
  const args = splitCommandLine(override.args);
  const env = environmentOf(variableLinesOf(override.env));
  return {
    ...optional('program', override.program),
    ...(given(override.args) && args.ok && { args: [...args.value] }),
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/** When a proc counts as ready, as the API takes it. */
export function readinessOf({ readiness }: SpawnForm): ReadinessRequest {
  const { kind, port, path, perSlot, contains } = readiness;
  const timeout = optional('timeout', readiness.timeout);
  switch (kind) {
    case 'alive':
      return { kind, ...optional('for', readiness.aliveFor), ...timeout };
    case 'descriptor':
      return { kind, ...timeout };
    case 'tcp':
      return { kind, port: wholeNumberOf(port), perSlot, ...timeout };
    case 'http':
      return { kind, port: wholeNumberOf(port), path, perSlot, ...timeout };
    case 'output':
      return { kind, contains, ...timeout };
  }
}

/** What happens after an end that nobody asked for, as the API takes it. */
export function restartOf({ restart }: SpawnForm): RestartRequest {
  const { policy, limit, backoff } = restart;
  if (policy === 'never') return { policy };
  return { policy, ...(given(limit) && { limit: wholeNumberOf(limit) }), ...optional('backoff', backoff) };
}

/** The request that the form stands for. */
export function spawnRequestOf(form: SpawnForm): SpawnRequest {
  const overrides = form.overrides.filter(({ rank }) => given(rank));
  return {
    name: form.name.trim(),
    perHost: perHostOf(form),
    command: commandOf(form),
    ...(overrides.length > 0 && {
      perRank: Object.fromEntries(overrides.map((override) => [rankOf(override.rank), overrideOf(override)])),
    }),
    ...(given(form.bind) && {
      procBind: bindLinesOf(form).flatMap((line) => {
        const bind = parseBind(line);
        return bind.ok ? [bind.value] : [];
      }),
    }),
    readiness: readinessOf(form),
    restart: restartOf(form),
    keep: form.keep,
    ...optional('timeout', form.timeout),
  };
}
