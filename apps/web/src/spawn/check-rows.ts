import { MAX_PROCS } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { splitCommandLine } from './command-line.ts';
import { sentence, type SpawnTarget } from './field-kinds.ts';
import { bindsOf, rankOf, variableLinesOf, type Pair, type RankOverride } from './rows.ts';

/** What is wrong, by the input of a list: `2.name`, or `` for all rows together. */
type RowErrors = Readonly<Record<string, string>>;

/** Dimensions: a label each, none twice, none of the mesh's own, and no more procs than there may be. */
export function dimErrors(dims: readonly Pair[], { meshLabels, total }: SpawnTarget): RowErrors {
  const errors: Record<string, string> = {};
  for (const [index, { id, ...dim }] of dims.entries()) {
    const [label, size] = [dim.name.trim(), (dim.value ?? '').trim()];
    const isTwice = dims.slice(0, index).some(({ name }) => name.trim() === label);
    if (label === '' && size === '') continue;
    if (label === '') errors[`${id}.name`] = 'A size needs a label, such as gpus.';
    else if (meshLabels.includes(label)) errors[`${id}.name`] = `The mesh itself has a dimension ${label}.`;
    else if (isTwice) errors[`${id}.name`] = `${label} is given twice.`;
    else if (!/^\d+$/.test(size)) errors[`${id}.value`] = 'A whole number is needed.';
    else if (Number(size) === 0) errors[`${id}.value`] = 'With 0 there would be no procs at all.';
  }
  if (total > MAX_PROCS)
    errors[''] = `These are too many: there are at most ${formatCount(MAX_PROCS)} procs at once.`;
  return errors;
}

/** Variables: a name each, none twice. */
export function variableErrors(env: readonly Pair[]): RowErrors {
  const errors: Record<string, string> = {};
  for (const [index, { id, name: typed, value }] of env.entries()) {
    const name = typed.trim();
    const isTwice = env.slice(0, index).some((one) => one.name.trim() === name);
    if (name !== '' && isTwice) errors[`${id}.name`] = `${name} is given twice.`;
    if (name === '' && (value ?? '') !== '') errors[`${id}.name`] = 'A value needs a name.';
  }
  return errors;
}

/** Ranks that differ: a rank each, none twice, none past the last, and lines that can be read. */
export function overrideErrors(overrides: readonly RankOverride[], { total }: SpawnTarget): RowErrors {
  const errors: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { id, rank: typed, program, args, env } of overrides) {
    const rank = rankOf(typed);
    if (rank === '') {
      if (`${program}${args}${env}`.trim() !== '') errors[`${id}.rank`] = 'Say which rank.';
    } else if (!/^\d+$/.test(rank)) errors[`${id}.rank`] = 'A rank is a whole number.';
    else if (seen.has(rank)) errors[`${id}.rank`] = `Rank ${rank} is there twice.`;
    else if (total > 0 && Number(rank) >= total) errors[`${id}.rank`] = `The last rank is ${total - 1}.`;
    seen.add(rank);
    const split = splitCommandLine(args);
    if (!split.ok) errors[`${id}.args`] = split.fault.message;
    const wrongLine = lineError(env);
    if (wrongLine !== undefined) errors[`${id}.env`] = wrongLine;
  }
  return errors;
}

/** What is wrong with the first wrong line of an override's environment. */
function lineError(env: string): string | undefined {
  const lines = variableLinesOf(env);
  for (const [index, { line, name, value }] of lines.entries()) {
    if (name === '' || value === null) return `Line ${line}: Write it as NAME=value.`;
    const isTwice = lines.slice(0, index).some((one) => one.name === name);
    if (isTwice) return `Line ${line}: ${name} is given twice.`;
  }
  return undefined;
}

/** Bindings: lines that can be read, one for each slot. */
export function bindErrors(bind: string, { slots }: SpawnTarget): RowErrors {
  const binds = bindsOf(bind);
  for (const [index, read] of binds.entries())
    if (!read.ok) return { '': `Line ${index + 1}: ${sentence(read.fault.message)}` };
  if (binds.length === 0 || binds.length === slots) return {};
  return { '': `A host has ${countOf(slots, 'slot')}, and this binds ${binds.length}.` };
}
