import { parseBind, type CommandRequest } from '@hostmesh/contract';
import { z } from 'zod';
import { splitCommandLine } from './command-line.ts';
import { isWritten, wholeNumberOf } from './field-kinds.ts';

const id = z.int().min(1);

/** A row of a list in the form; `id` tells it apart on the screen and is not sent. */
export interface Item {
  readonly id: number;
}

/** A size by its label, or a variable by its name. The value is null when it is not known and has to be typed. */
export const Pair = z.strictObject({ id, name: z.string(), value: z.string().nullable() }).readonly();
export type Pair = z.infer<typeof Pair>;

export const Argument = z.strictObject({ id, text: z.string() }).readonly();
export type Argument = z.infer<typeof Argument>;

/** What differs at one rank; what is empty does not. `args` is a command line, `env` has `NAME=value` in each line. */
export const RankOverride = z
  .strictObject({ id, rank: z.string(), program: z.string(), args: z.string(), env: z.string() })
  .readonly();
export type RankOverride = z.infer<typeof RankOverride>;

/** A list with one more row, told apart from those that are there. */
export const withItem = <I extends Item>(items: readonly I[], item: Omit<I, 'id'>): readonly I[] =>
  // An item without its id is all that `Omit` leaves out.
  [...items, { ...item, id: Math.max(0, ...items.map((one) => one.id)) + 1 } as I];

/** What rows hold as rows of a list. */
export const itemsOf = <T extends object>(values: readonly T[]): readonly (T & Item)[] =>
  values.map((value, index) => ({ ...value, id: index + 1 }));

/** Reads `NAME=value`; the value is null when there is no `=`. */
export function pairOf(text: string): Omit<Pair, 'id'> {
  const at = text.indexOf('=');
  return at < 0 ? { name: text, value: null } : { name: text.slice(0, at), value: text.slice(at + 1) };
}

/** A rank as it is sent: `01` is rank 1. */
export const rankOf = (text: string): string => text.trim().replace(/^0+(?=\d)/, '');

/** The extent per host; sizes that are no whole numbers count as 0. */
export const perHostOf = (dims: readonly Pair[]): Record<string, number> =>
  Object.fromEntries(
    dims
      .filter(({ name }) => isWritten(name))
      .map(({ name, value }) => [name.trim(), wholeNumberOf(value ?? '') || 0]),
  );

/** Named variables whose value is known. */
export const variablesOf = (variables: readonly Omit<Pair, 'id'>[]): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap(({ name, value }) => (isWritten(name) && value !== null ? [[name.trim(), value]] : [])),
  );

/** The lines of an override's environment that say something, with their numbers. */
export const variableLinesOf = (text: string) =>
  text
    .split('\n')
    .map((text, index) => ({ ...pairOf(text), line: index + 1 }))
    .map(({ name, ...rest }) => ({ ...rest, name: name.trim() }))
    .filter(({ name, value }) => name !== '' || value !== null);

/** What differs at a rank, as it is sent. */
export function overrideOf({ program, args, env }: RankOverride): Partial<CommandRequest> {
  const words = splitCommandLine(args);
  const added = variablesOf(variableLinesOf(env));
  return {
    ...(isWritten(program) && { program: program.trim() }),
    ...(isWritten(args) && words.ok && { args: [...words.value] }),
    ...(Object.keys(added).length > 0 && { env: added }),
  };
}

/** What is bound, by the lines that say something. */
export const bindsOf = (bind: string) => bind.split('\n').filter(isWritten).map(parseBind);
