import type { ProcMeshView, ReadinessRequest, RestartRequest } from '@hostmesh/contract';
import { parseDuration } from '@hostmesh/core';
import { z } from 'zod';

/** The choices that decide which of the other fields there are. */
export interface Choices {
  readonly ready: ReadinessRequest['kind'];
  readonly restart: RestartRequest['policy'];
}

/** What the procs are spawned on, and how many they are. */
export interface SpawnTarget {
  readonly meshLabels: readonly string[];
  /** Procs on each host. */
  readonly slots: number;
  readonly total: number;
}

/** How a page says what the schema refuses: in a sentence about the noun. Without a noun, and of names, it says the rule. */
export interface Words {
  readonly noun?: string;
  readonly rule?: string;
}

/** How an input shows a field. */
interface Shown {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly inputMode?: 'numeric';
}

/** One field of the form: how its value is shown, stored, linked and sent, and what may be wrong with it. */
export interface SpawnField<Value> extends Shown {
  /** Where the request has it, as in `readiness.port`. */
  readonly at: string;
  readonly empty: Value;
  readonly stored: z.ZodType<Value>;
  readonly read: (query: URLSearchParams) => Value;
  /** Adds it to a link, from which `read` gets it back. */
  readonly write: (query: URLSearchParams, value: Value) => void;
  /** As the request has it; what is undefined or holds nothing is left out. */
  readonly send: (value: Value) => unknown;
  /** What a proc mesh was spawned with, as far as the API tells it. */
  readonly of: (procMesh: ProcMeshView) => Value;
  /** Whether the form has this field, given what is chosen. */
  readonly when?: (choices: Choices) => boolean;
  /** Whether something has still to be typed here; that is no error yet. */
  readonly isMissing?: (value: Value) => boolean;
  /** What the schema cannot know to be wrong, by the input: `2.name` in a row, `` for the field as a whole. */
  readonly check?: (value: Value, target: SpawnTarget) => Readonly<Record<string, string>>;
  /** The input that the rest of a path below `at` came from; `isName` tells the halves of a pair apart. */
  readonly inputAt?: (value: Value, rest: readonly string[], isName: boolean) => string;
  /** By the input, without its row. */
  readonly words?: Readonly<Record<string, Words>>;
  /** It comes from a link and is kept, but the page has no input for it. */
  readonly isHidden?: boolean;
}

interface TextOptions extends Shown, Pick<SpawnField<string>, 'when' | 'isHidden'> {
  readonly of: (procMesh: ProcMeshView) => string | number | null | undefined;
  readonly empty?: string;
  /** How it is said what the schema refuses, when a sentence about the label will not do. */
  readonly rule?: string;
  /** Whether a spawn cannot do without it. */
  readonly isNeeded?: boolean;
  readonly send?: (text: string) => unknown;
  /** What is wrong with a text that is written. */
  readonly wrong?: (text: string) => string | undefined;
}

/** Whether something is written there. */
export const isWritten = (text: string): boolean => text.trim() !== '';

const trimmed = (text: string): string | undefined => text.trim() || undefined;

/** A field that is typed, called `name` in a link; it is sent trimmed unless `send` says otherwise. */
export function textField(at: string, name: string, options: TextOptions): SpawnField<string> {
  const { empty = '', isNeeded = false, send = trimmed, of, wrong, rule, ...rest } = options;
  return {
    ...rest,
    at,
    empty,
    stored: z.string(),
    read: (query) => query.get(name) ?? empty,
    write: (query, text) => void (text !== empty && query.append(name, text)),
    send,
    of: (procMesh) => String(of(procMesh) ?? empty),
    isMissing: (text) => isNeeded && send(text) === undefined,
    check: (text) => {
      const message = isWritten(text) ? wrong?.(text) : undefined;
      return message === undefined ? {} : { '': message };
    },
    words: { '': rule === undefined ? { noun: `A ${rest.label.toLowerCase()}` } : { rule } },
  };
}

/** A box that is ticked or not, called `name` in a link. */
export const flagField = (
  at: string,
  name: string,
  { empty = false, ...rest }: Shown & Pick<SpawnField<boolean>, 'of' | 'when'> & { readonly empty?: boolean },
): SpawnField<boolean> => ({
  ...rest,
  at,
  empty,
  stored: z.boolean(),
  read: (query) => (query.has(name) ? query.get(name) === '1' : empty),
  write: (query, flag) => void (flag !== empty && query.append(name, flag ? '1' : '0')),
  send: (flag) => flag,
});

/** What can be chosen, each with its words; the first goes without saying. */
export type ChoiceWords<Choice extends string> = readonly [
  readonly [Choice, string],
  ...(readonly (readonly [Choice, string])[]),
];

/** A choice, called `name` in a link. */
export function choiceField<Choice extends string>(
  at: string,
  name: string,
  words: ChoiceWords<Choice>,
  rest: Shown & Pick<SpawnField<Choice>, 'of'>,
): SpawnField<Choice> {
  const choices = words.map(([choice]) => choice);
  const [[empty]] = words;
  return {
    ...rest,
    at,
    empty,
    stored: z.enum(choices),
    read: (query) => choices.find((choice) => choice === query.get(name)) ?? empty,
    write: (query, choice) => void (choice !== empty && query.append(name, choice)),
    send: (choice) => choice,
  };
}

/** A whole number written in digits alone; NaN for any other text, such as `-3`, `1e3` or nothing. */
export const wholeNumberOf = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);

/** A number as it is sent, if one is written. */
export const numberSent = (text: string) => (isWritten(text) ? wholeNumberOf(text) : undefined);

/** What is wrong with a duration of at least `minMs`. */
export const durationError = (minMs: number) => (text: string) => {
  const read = parseDuration(text, { minMs });
  return read.ok ? undefined : sentence(read.fault.message);
};

/** A message as a sentence: the first letter large, a full stop at the end. */
export const sentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
