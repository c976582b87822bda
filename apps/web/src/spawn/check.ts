import { parseBind, type Problem } from '@hostmesh/contract';
import { MAX_WAIT_MS, parseDuration, printDuration } from '@hostmesh/core';
import { countOf } from '../ui/text/count.ts';
import { dimErrors, overrideErrors, variableErrors } from './check-rows.ts';
import { fieldPath, formField, type FieldErrors } from './field-path.ts';
import { bindLinesOf, type SpawnForm } from './form.ts';
import { schemaErrors, sentence } from './schema-errors.ts';

/**
 * What is wrong with the form, by the very schema that the API reads it with, and by what only the page knows: the
 * dimensions of the mesh, texts that stand for something else, and input that the request would drop. Fields that are
 * still empty are not wrong yet.
 */
export function checkForm(
  form: SpawnForm,
  meshLabels: readonly string[],
  { total, slots }: { readonly total: number; readonly slots: number },
): FieldErrors {
  const errors: Record<string, string> = {
    ...schemaErrors(form),
    ...durationErrors(form),
    ...dimErrors(form, meshLabels, total),
    ...variableErrors(form),
    ...overrideErrors(form, total),
    ...bindErrors(form, slots),
  };
  for (const [field, text] of Object.entries(neededTexts(form))) if (text === '') delete errors[field];
  return errors;
}

/** What a spawn cannot do without, by field. */
const neededTexts = ({ name, program, readiness }: SpawnForm): Readonly<Record<string, string>> => ({
  name: name.trim(),
  'command.program': program.trim(),
  ...(['tcp', 'http'].includes(readiness.kind) && { 'readiness.port': readiness.port }),
  ...(readiness.kind === 'output' && { 'readiness.contains': readiness.contains }),
});

/** Whether everything that a spawn cannot do without is there. */
export const isComplete = (form: SpawnForm): boolean =>
  Object.values(neededTexts(form)).every((text) => text !== '') &&
  form.env.every(({ value }) => value !== null);

/** What the API refused, by the field of the form; its general complaints are under the empty field. */
export function problemErrors(form: SpawnForm, problem: Problem | null | undefined): FieldErrors {
  return Object.fromEntries(
    (problem?.errors ?? []).map(({ field, message }) => [
      formField(form, fieldPath(field).split('.')),
      message,
    ]),
  );
}

function durationErrors({ timeout, readiness, restart }: SpawnForm): FieldErrors {
  const durations: Readonly<Record<string, readonly [text: string, minMs: number]>> = {
    timeout: [timeout, 1],
    'readiness.timeout': [readiness.timeout, 0],
    'readiness.for': [readiness.kind === 'alive' ? readiness.aliveFor : '', 0],
    'restart.backoff': [restart.policy === 'never' ? '' : restart.backoff, 0],
  };
  return Object.fromEntries(
    Object.entries(durations).flatMap(([field, [text, minMs]]) => {
      const wrong = text.trim() === '' ? undefined : durationError(text, minMs);
      return wrong === undefined ? [] : [[field, wrong]];
    }),
  );
}

function durationError(text: string, minMs: number): string | undefined {
  const read = parseDuration(text);
  if (!read.ok) return sentence(read.fault.message);
  if (read.value < minMs) return `The shortest is ${printDuration(minMs)}.`;
  if (read.value > MAX_WAIT_MS) return `The longest is ${printDuration(MAX_WAIT_MS)}.`;
  return undefined;
}

function bindErrors(form: SpawnForm, slots: number): FieldErrors {
  const lines = bindLinesOf(form);
  for (const [index, line] of lines.entries()) {
    const bind = parseBind(line);
    if (!bind.ok) return { procBind: `Line ${index + 1}: ${bind.fault.message}.` };
  }
  if (lines.length === 0 || lines.length === slots) return {};
  return { procBind: `A host has ${countOf(slots, 'slot')}, and this binds ${lines.length}.` };
}
