import { SpawnRequest, type Problem } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import type { z } from 'zod';
import { sentence, type SpawnTarget, type Words } from './field-kinds.ts';
import { spawnFields } from './spawn-fields.ts';
import { fieldsOf, spawnRequestOf, type SpawnForm } from './spawn-form.ts';

/**
 * What is wrong, by the field of the form: `name`, `port`, and for a row of a list by its id, as in `args.2.text`,
 * `dims.1.name`, `overrides.3.rank`. Names and ranks do not tell rows apart while they are typed.
 */
export type FieldErrors = Readonly<Record<string, string>>;

/** A form as it was understood. */
export interface CheckedForm {
  readonly errors: FieldErrors;
  /** What it asks for; null while something is wrong or missing. */
  readonly request: SpawnRequest | null;
}

/**
 * What is wrong with the form, by the very schema that the API reads it with, and by what only the page knows: the
 * dimensions of the mesh, texts that stand for something else, and input that the request would drop. Fields that are
 * still empty are not wrong yet.
 */
export function checkForm(form: SpawnForm, target: SpawnTarget): CheckedForm {
  const fields = fieldsOf(form);
  const read = SpawnRequest.safeParse(spawnRequestOf(form));
  const errors: Record<string, string> = {};
  for (const issue of read.error?.issues ?? []) {
    const isName = issue.code === 'invalid_key';
    const { field, words } = fieldAt(form, issue.path.map(String), isName);
    errors[field] ??= sentenceOf(issue, words);
  }
  for (const { name, check } of fields)
    for (const [input, message] of Object.entries(check(target))) errors[join(name, input)] = message;
  const missing = fields.filter(({ isMissing }) => isMissing);
  for (const { name } of missing) delete errors[name];
  const isWhole = Object.keys(errors).length === 0 && missing.length === 0 && target.total > 0;
  return { errors, request: isWhole && read.success ? read.data : null };
}

/** What the API refused, by the field of the form; its general complaints are under the empty field. */
export const problemErrors = (form: SpawnForm, problem: Problem | null | undefined): FieldErrors =>
  Object.fromEntries(
    (problem?.errors ?? []).map(({ field, message }) => {
      // The API writes `hosts[3]`, a schema `hosts.3`.
      const path = field.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^body\./, '');
      return [fieldAt(form, path.split('.'), true).field, message];
    }),
  );

/** The field of the form that a path in the request came from, and its words; the path itself if no input is behind it. */
function fieldAt(form: SpawnForm, path: readonly string[], isName: boolean) {
  const found = fieldsOf(form).find((field) => field.path.every((name, index) => path[index] === name));
  if (found === undefined) return { field: path.join('.'), words: {} };
  const input = found.inputAt(path.slice(found.path.length), isName);
  const words = found.words[input.replace(/^\d+\./, '')] ?? {};
  return { field: found.isHidden ? path.join('.') : join(found.name, input), words };
}

const join = (field: string, input: string) => (input === '' ? field : `${field}.${input}`);

/** Whether some field shows what is wrong there. */
export const hasField = (field: string): boolean => Object.hasOwn(spawnFields, field.replace(/\..*$/, ''));

/** What is wrong with the inputs of a row, as one text. */
export function rowError(errors: FieldErrors, row: string): string | undefined {
  const wrong = Object.entries(errors).filter(([field]) => field.startsWith(`${row}.`));
  return wrong.length === 0 ? undefined : wrong.map(([, message]) => message).join(' ');
}

function sentenceOf(issue: z.core.$ZodIssue, { noun, rule }: Words): string {
  const refused =
    issue.code === 'invalid_key' ? issue.issues.find(({ code }) => code === 'custom') : undefined;
  if (refused !== undefined) return sentence(`${String(issue.path.at(-1))} ${refused.message}`);
  if (rule !== undefined && (noun === undefined || issue.code === 'invalid_key')) return rule;
  if (noun === undefined) return sentence(issue.message);
  if (issue.code === 'too_big' && issue.origin === 'string')
    return `${noun} has at most ${countOf(Number(issue.maximum), 'character')}.`;
  if (issue.code === 'invalid_format' && issue.format === 'starts_with') return `${noun} begins with /.`;
  if (issue.code === 'custom') return `${noun} ${issue.message}.`;
  return sentence(issue.message);
}
