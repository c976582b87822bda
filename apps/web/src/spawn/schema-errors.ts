import { SpawnRequest } from '@hostmesh/contract';
import type { z } from 'zod';
import { formatCount } from '../ui/text/count.ts';
import { formField, type FieldErrors } from './field-path.ts';
import { spawnRequestOf, type SpawnForm } from './form.ts';

type Issue = z.core.$ZodIssue;

/** What the schema of the API finds wrong with a form, in sentences of our own. */
export function schemaErrors(form: SpawnForm): FieldErrors {
  const errors: Record<string, string> = {};
  for (const issue of SpawnRequest.safeParse(spawnRequestOf(form)).error?.issues ?? []) {
    const path = issue.path.map(String);
    const field = formField(form, path, issue.code === 'invalid_key' ? 'key' : 'value');
    errors[field] ??= sentenceOf(path.join('.'), issue);
  }
  return errors;
}

/** Fields that have one rule. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/^readiness\.port$/, 'A port is a whole number from 1 to 65535.'],
  [/^restart\.limit$/, 'A whole number from 0 to 1000 is needed.'],
  [/^perHost\./, 'A size is a whole number from 1 to 100,000.'],
  [/^perRank\.[^.]*$/, 'A rank is a whole number.'],
];
const nouns: readonly (readonly [RegExp, string])[] = [
  [/^name$/, 'A name'],
  [/program$/, 'A program'],
  [/args\.\d+$/, 'An argument'],
  [/arg0$/, 'The other name of a program'],
  [/cwd$/, 'A working directory'],
  [/env\..+$/, 'A value'],
  [/^readiness\.path$/, 'A path'],
  [/^readiness\.contains$/, 'A text'],
  [/^procBind/, 'A binding'],
];
const found = (table: readonly (readonly [RegExp, string])[], path: string) =>
  table.find(([fields]) => fields.test(path))?.[1];

function sentenceOf(path: string, issue: Issue): string {
  if (issue.code === 'invalid_key' && path.startsWith('perHost.'))
    return 'A dimension is named with lower case letters, digits and _, a letter first: gpus.';
  if (issue.code === 'invalid_key' && /env\./.test(path))
    return 'A variable is named with letters, digits and _, and no digit first.';
  const rule = found(rules, path);
  if (rule !== undefined) return rule;
  const noun = found(nouns, path);
  if (noun === undefined) return sentence(issue.message);
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `${noun} has at most ${formatCount(Number(issue.maximum))} characters.`;
  if (issue.code === 'invalid_format' && issue.format === 'starts_with') return `${noun} begins with /.`;
  if (issue.code === 'custom') return `${noun} cannot hold a NUL character.`;
  return sentence(issue.message);
}

/** A message as a sentence: the first letter large, a full stop at the end. */
export const sentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
