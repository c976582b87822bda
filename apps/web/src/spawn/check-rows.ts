import { MAX_PROCS } from '@hostmesh/contract';
import { isOwnVariable } from '@hostmesh/core';
import { formatCount } from '../ui/text/count.ts';
import { splitCommandLine } from './command-line.ts';
import type { FieldErrors } from './field-path.ts';
import { rankOf, variableLinesOf, type SpawnForm } from './form.ts';

/** What is wrong with the name of a variable, given those before it; the schema says how it is written. */
function variableError(name: string, earlier: readonly string[]): string | undefined {
  if (isOwnVariable(name)) return `${name} is set by Hostmesh itself, for each proc.`;
  if (earlier.includes(name)) return `${name} is given twice.`;
  return undefined;
}

/** Dimensions: a label each, none twice, none of the mesh's own, and no more procs than there may be. */
export function dimErrors({ dims }: SpawnForm, meshLabels: readonly string[], total: number): FieldErrors {
  const errors: Record<string, string> = {};
  const seen = new Set<string>();
  for (const dim of dims) {
    const label = dim.label.trim();
    const size = dim.size.trim();
    const at = `dims.${dim.id}`;
    if (label === '' && size === '') continue;
    if (label === '') errors[`${at}.label`] = 'A size needs a label, such as gpus.';
    else if (meshLabels.includes(label)) errors[`${at}.label`] = `The mesh itself has a dimension ${label}.`;
    else if (seen.has(label)) errors[`${at}.label`] = `${label} is given twice.`;
    else if (!/^\d+$/.test(size)) errors[`${at}.size`] = 'A whole number is needed.';
    else if (Number(size) === 0) errors[`${at}.size`] = 'With 0 there would be no procs at all.';
    seen.add(label);
  }
  if (total > MAX_PROCS)
    errors['perHost'] = `These are too many: there are at most ${formatCount(MAX_PROCS)} procs at once.`;
  return errors;
}

/** Variables: a name each, none twice, none of ours. */
export function variableErrors({ env }: SpawnForm): FieldErrors {
  const errors: Record<string, string> = {};
  for (const [index, { id, name: typed, value }] of env.entries()) {
    const name = typed.trim();
    const earlier = env.slice(0, index).map((one) => one.name.trim());
    const wrong = name === '' ? undefined : variableError(name, earlier);
    if (wrong !== undefined) errors[`env.${id}.name`] = wrong;
    if (name === '' && (value ?? '') !== '') errors[`env.${id}.name`] = 'A value needs a name.';
  }
  return errors;
}

/** Ranks that differ: a rank each, none twice, none past the last, and lines that can be read. */
export function overrideErrors({ overrides }: SpawnForm, total: number): FieldErrors {
  const errors: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { id, rank: typed, program, args, env } of overrides) {
    const at = `overrides.${id}`;
    const rank = rankOf(typed);
    if (rank === '') {
      if (`${program}${args}${env}`.trim() !== '') errors[`${at}.rank`] = 'Say which rank.';
    } else if (!/^\d+$/.test(rank)) errors[`${at}.rank`] = 'A rank is a whole number.';
    else if (seen.has(rank)) errors[`${at}.rank`] = `Rank ${rank} is there twice.`;
    else if (total > 0 && Number(rank) >= total) errors[`${at}.rank`] = `The last rank is ${total - 1}.`;
    seen.add(rank);
    const split = splitCommandLine(args);
    if (!split.ok) errors[`${at}.args`] = split.fault.message;
    const wrongLine = lineError(env);
    if (wrongLine !== undefined) errors[`${at}.env`] = wrongLine;
  }
  return errors;
}

/** What is wrong with the first wrong line of an override's environment. */
function lineError(env: string): string | undefined {
  const lines = variableLinesOf(env);
  for (const [index, { line, name, value }] of lines.entries()) {
    const earlier = lines.slice(0, index).map((one) => one.name);
    const wrong = name === '' || value === null ? 'Write it as NAME=value.' : variableError(name, earlier);
    if (wrong !== undefined) return `Line ${line}: ${wrong}`;
  }
  return undefined;
}
