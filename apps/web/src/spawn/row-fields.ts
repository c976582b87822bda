import { BIND_FORM } from '@hostmesh/contract';
import { z } from 'zod';
import { bindErrors, dimErrors, overrideErrors, variableErrors } from './check-rows.ts';
import { isWritten, type SpawnField } from './field-kinds.ts';
import {
  Argument,
  bindsOf,
  variablesOf,
  itemsOf,
  overrideOf,
  Pair,
  pairOf,
  perHostOf,
  RankOverride,
  rankOf,
} from './rows.ts';

/** The input of a row; the list itself when there is no such row. */
const inputOf = (row: { readonly id: number } | undefined, input: string): string =>
  row === undefined ? '' : `${row.id}.${input}`;

/** How pairs are stored and linked, `query=name=value` for each, and found by their names. */
const pairs = (query: string) =>
  ({
    empty: [],
    stored: z.array(Pair),
    read: (link) =>
      itemsOf(
        link
          .getAll(query)
          .filter((pair) => pair !== '')
          .map(pairOf),
      ),
    write: (link, list) => {
      for (const { name, value } of list) link.append(query, value === null ? name : `${name}=${value}`);
    },
    // Of rows with one name the request has the last.
    inputAt: (list, [name], isName) =>
      inputOf(
        list.findLast((pair) => pair.name.trim() === name),
        isName ? 'name' : 'value',
      ),
  }) satisfies Partial<SpawnField<readonly Pair[]>>;

/** How many procs a host has, as labelled sizes. */
export const dimsField: SpawnField<readonly Pair[]> = {
  ...pairs('perHost'),
  label: 'Procs per host',
  at: 'perHost',
  send: perHostOf,
  of: ({ perHost }) =>
    itemsOf(Object.entries(perHost).map(([name, size]) => ({ name, value: String(size) }))),
  check: dimErrors,
  words: {
    name: { rule: 'A dimension is named with lower case letters, digits and _, a letter first: gpus.' },
    value: { rule: 'A size is a whole number from 1 to 100,000.' },
  },
};

const variableRule = 'A variable is named with letters, digits and _, and no digit first.';

/** Variables; the API does not tell their values. */
export const envField: SpawnField<readonly Pair[]> = {
  ...pairs('env'),
  label: 'Environment',
  at: 'command.env',
  send: variablesOf,
  of: ({ command }) => itemsOf(command.envNames.map((name) => ({ name, value: null }))),
  isMissing: (env) => env.some(({ value }) => value === null),
  check: variableErrors,
  words: { name: { rule: variableRule }, value: { noun: 'A value' } },
};

/** Arguments, `arg=` for each in a link. */
export const argsField: SpawnField<readonly Argument[]> = {
  label: 'Arguments',
  at: 'command.args',
  empty: [],
  stored: z.array(Argument),
  read: (query) => itemsOf(query.getAll('arg').map((text) => ({ text }))),
  write: (query, args) => args.forEach(({ text }) => query.append('arg', text)),
  send: (args) => args.map(({ text }) => text),
  of: ({ command }) => itemsOf(command.args.map((text) => ({ text }))),
  inputAt: (args, [index]) => inputOf(args[Number(index)], 'text'),
  words: { text: { noun: 'An argument' } },
};

/** A line for each slot as `printBind` writes it, `bind=` for each in a link. */
export const bindField: SpawnField<string> = {
  label: 'Bind to CPUs and memory',
  hint: `A line for each slot of a host: ${BIND_FORM}. Empty binds none.`,
  at: 'procBind',
  empty: '',
  stored: z.string(),
  read: (query) => query.getAll('bind').join('\n'),
  write: (query, bind) => {
    for (const line of bind.split('\n').filter(isWritten)) query.append('bind', line);
  },
  send: (bind) => bindsOf(bind).flatMap((one) => (one.ok ? [one.value] : [])),
  of: () => '',
  check: bindErrors,
  words: { '': { noun: 'A binding' } },
};

/**
 * What differs at single ranks: `rank=3` in a link, and after it `rankProgram`, `rankArgs` (a command line) and
 * `rankEnv=NAME=value` (again for each) of that rank, up to the next `rank`.
 */
export const overridesField: SpawnField<readonly RankOverride[]> = {
  label: 'Ranks that differ',
  at: 'perRank',
  empty: [],
  stored: z.array(RankOverride),
  read: (query) => {
    const overrides: { rank: string; program: string; args: string; env: string[] }[] = [];
    for (const [name, value] of query) {
      const last = overrides.at(-1);
      if (name === 'rank') overrides.push({ rank: value, program: '', args: '', env: [] });
      else if (last === undefined) continue;
      else if (name === 'rankProgram') last.program = value;
      else if (name === 'rankArgs') last.args = value;
      else if (name === 'rankEnv') last.env.push(value);
    }
    return itemsOf(overrides.map((one) => ({ ...one, env: one.env.join('\n') })));
  },
  write: (query, overrides) => {
    for (const { rank, program, args, env } of overrides) {
      query.append('rank', rank);
      if (program !== '') query.append('rankProgram', program);
      if (args !== '') query.append('rankArgs', args);
      if (env !== '') for (const line of env.split('\n')) query.append('rankEnv', line);
    }
  },
  send: (overrides) =>
    Object.fromEntries(
      overrides.filter(({ rank }) => isWritten(rank)).map((one) => [rankOf(one.rank), overrideOf(one)]),
    ),
  of: () => [],
  check: overrideErrors,
  inputAt: (overrides, [rank, item = '']) => {
    const override = overrides.findLast((one) => rankOf(one.rank) === rank);
    return inputOf(override, ['program', 'args', 'env'].includes(item) ? item : 'rank');
  },
  words: {
    rank: { rule: 'A rank is a whole number.' },
    program: { noun: 'A program' },
    args: { noun: 'An argument' },
    env: { noun: 'A value', rule: variableRule },
  },
};
