import { rankOf, type SpawnForm } from './form.ts';

/**
 * What is wrong, by the field of the form: `name`, `readiness.port`, and for a row of a list by its id, as in `args.2`,
 * `dims.1.size`, `env.4.name`, `overrides.3.rank`. Names and ranks do not tell rows apart while they are typed.
 */
export type FieldErrors = Readonly<Record<string, string>>;

/** The API writes `hosts[3]`, a schema `hosts.3`: one form for both. */
export const fieldPath = (path: string): string =>
  path.replaceAll(/\[(\w+)\]/g, '.$1').replace(/^body\./, '');

/** The field of the form that a path in the request came from; `part` says which half of a pair. */
export function formField(form: SpawnForm, path: readonly string[], part: 'key' | 'value' = 'key'): string {
  const [group = '', name = '', item = ''] = path;
  const row = (list: string, found: { readonly id: number } | undefined, input: string) =>
    found === undefined ? path.join('.') : [list, found.id, input].filter((each) => each !== '').join('.');
  // Of rows with one name the request has the last.
  if (group === 'perHost' && name !== '') {
    const dim = form.dims.findLast(({ label }) => label.trim() === name);
    return row('dims', dim, part === 'key' ? 'label' : 'size');
  }
  if (group === 'perRank') {
    const override = form.overrides.findLast(({ rank }) => rankOf(rank) === name);
    return row('overrides', override, ['program', 'args', 'env'].find((input) => input === item) ?? 'rank');
  }
  if (group === 'command' && name === 'args' && item !== '') return row('args', form.args[Number(item)], '');
  if (group === 'command' && name === 'env' && item !== '') {
    const variable = form.env.findLast((one) => one.name.trim() === item);
    return row('env', variable, part === 'key' ? 'name' : 'value');
  }
  return group === 'procBind' ? group : path.join('.');
}

/** What is wrong with a row, as one text, and with which of its inputs. */
export function rowErrors(errors: FieldErrors, row: string) {
  const wrong = Object.entries(errors).filter(([field]) => field === row || field.startsWith(`${row}.`));
  return {
    message: wrong.length === 0 ? undefined : wrong.map(([, message]) => message).join(' '),
    isWrong: (input: string): boolean => errors[`${row}.${input}`] !== undefined,
  };
}

/** Whether some field shows what is wrong there. */
export const hasField = (field: string): boolean =>
  /^(name|timeout|procBind|perHost|command\.(program|cwd)|(args|dims|env|overrides)\.\d+(\..+)?|readiness\..+|restart\..+)$/.test(
    field,
  );
