import { parseBind, SpawnRequest, type Problem } from '@hostmesh/contract';
import { parseDuration } from '@hostmesh/core';
import { splitCommandLine } from './command-line.ts';
import { bindLinesOf, requestOf, type SpawnForm } from './form.ts';
import { countOf } from '../ui/text/count.ts';

/** What is wrong, by the field's path in the request: `command.program`, `perHost.gpus`, `perRank.3.program`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The API writes `hosts[3]`, a schema `hosts.3`: one form for both. */
export const fieldPath = (path: string): string =>
  path.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^body\./, '');

/**
 * What is wrong with the form, by the very schema that the API reads it with, and by what only the page knows: the
 * dimensions of the mesh, and texts that stand for something else. Fields that are still empty are not wrong yet.
 */
export function checkForm(
  form: SpawnForm,
  meshLabels: readonly string[],
  { total, slots }: { readonly total: number; readonly slots: number },
): FieldErrors {
  const errors: Record<string, string> = {};
  const parsed = SpawnRequest.safeParse(requestOf(form));
  for (const issue of parsed.error?.issues ?? []) {
    // Of a name that is no name the reason is one level down.
    const reason = issue.code === 'invalid_key' ? issue.issues[0] : undefined;
    errors[issue.path.join('.')] ??= (reason ?? issue).message;
  }
  if (form.name.trim() === '') delete errors['name'];
  if (form.program.trim() === '') delete errors['command.program'];
  if (form.readiness.port === '') delete errors['readiness.port'];
  if (form.readiness.contains === '') delete errors['readiness.contains'];

  const seen = new Set<string>();
  for (const { label, size } of form.dims) {
    if (label === '') continue;
    if (meshLabels.includes(label)) errors[`perHost.${label}`] = `The mesh itself has a dimension ${label}.`;
    else if (seen.has(label)) errors[`perHost.${label}`] = `${label} is given twice.`;
    else if (!/^\d+$/.test(size.trim())) errors[`perHost.${label}`] = 'A whole number is needed.';
    else if (Number(size) === 0) errors[`perHost.${label}`] = 'With 0 there would be no procs at all.';
    seen.add(label);
  }
  const durations = {
    timeout: form.timeout,
    'readiness.timeout': form.readiness.timeout,
    'readiness.for': form.readiness.kind === 'alive' ? form.readiness.aliveFor : '',
    'restart.backoff': form.restart.policy === 'never' ? '' : form.restart.backoff,
  };
  for (const [field, text] of Object.entries(durations)) {
    const duration = text.trim() === '' ? null : parseDuration(text);
    if (duration?.ok === false) errors[field] = `${duration.fault.message}.`;
  }
  for (const { rank, args } of form.overrides) {
    const split = splitCommandLine(args);
    if (!split.ok) errors[`perRank.${rank}.args`] = split.fault.message;
    if (/^\d+$/.test(rank) && Number(rank) >= total)
      errors[`perRank.${rank}`] = `The last rank is ${total - 1}.`;
  }
  const lines = bindLinesOf(form);
  for (const [index, line] of lines.entries()) {
    const bind = parseBind(line);
    if (!bind.ok) errors['procBind'] ??= `Line ${index + 1}: ${bind.fault.message}.`;
  }
  if (lines.length > 0 && lines.length !== slots)
    errors['procBind'] ??= `A host has ${countOf(slots, 'slot')}, and this binds ${lines.length}.`;
  return errors;
}

/** What the API refused, by field; its general complaints are under the empty field. */
export function problemErrors(problem: Problem | null | undefined): FieldErrors {
  return Object.fromEntries((problem?.errors ?? []).map(({ field, message }) => [fieldPath(field), message]));
}

/** Whether everything that a spawn cannot do without is there. */
export const isComplete = (form: SpawnForm): boolean =>
  form.name.trim() !== '' &&
  form.program.trim() !== '' &&
  !(['tcp', 'http'].includes(form.readiness.kind) && form.readiness.port === '') &&
  !(form.readiness.kind === 'output' && form.readiness.contains === '');
