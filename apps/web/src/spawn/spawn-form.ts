import type { ProcMeshView } from '@hostmesh/contract';
import { z } from 'zod';
import type { SpawnField, SpawnTarget } from './field-kinds.ts';
import { spawnFields } from './spawn-fields.ts';

export type FieldName = keyof typeof spawnFields;

/** What the reader typed, as it is; nothing of it is lost by an error. */
export type SpawnForm = {
  readonly [Name in FieldName]: (typeof spawnFields)[Name] extends SpawnField<infer Value> ? Value : never;
};

const table: { readonly [Name in FieldName]: SpawnField<SpawnForm[Name]> } = spawnFields;
// `Object.keys` does not tell that an object has no keys but those of its type.
const names = Object.keys(table) as readonly FieldName[];

/** A form with a value for each field. */
const formOf = (
  valueOf: <Value>(field: Pick<SpawnField<Value>, 'empty' | 'read' | 'of'>) => Value,
): SpawnForm =>
  // Each name gets a value of its own field, which `fromEntries` does not tell.
  Object.fromEntries(names.map((name) => [name, valueOf<unknown>(table[name])])) as SpawnForm;

export const emptySpawnForm = formOf(({ empty }) => empty);

/** A form as it is stored; one of another shape, written by an older page perhaps, is not taken. */
export const StoredForm = z.strictObject(
  Object.fromEntries(names.map((name) => [name, table[name].stored])),
  // Each name gets the type of its own field, which `fromEntries` does not tell.
) as unknown as z.ZodType<SpawnForm>;

/** The form that a link fills. What makes no sense in it is left out. */
export const formOfQuery = (query: URLSearchParams): SpawnForm => formOf(({ read }) => read(query));

/** Whether a form has a field, given what is chosen in it. */
export const isPart = (name: FieldName, form: SpawnForm): boolean => table[name].when?.(form) ?? true;

/** The fields that a form has, with what they say of their values. */
export const fieldsOf = (form: SpawnForm) =>
  names.filter((name) => isPart(name, form)).map((name) => filled(name, form));

function filled<Name extends FieldName>(name: Name, form: SpawnForm) {
  const field: SpawnField<SpawnForm[Name]> = table[name];
  const value = form[name];
  return {
    name,
    path: field.at.split('.'),
    words: field.words ?? {},
    isHidden: field.isHidden ?? false,
    isMissing: field.isMissing?.(value) ?? false,
    sent: field.send(value),
    write: (query: URLSearchParams) => field.write(query, value),
    check: (target: SpawnTarget) => field.check?.(value, target) ?? {},
    inputAt: (rest: readonly string[], isName: boolean) => field.inputAt?.(value, rest, isName) ?? '',
  };
}

/** The query of a link that fills the form: `formOfQuery` reads it back. */
export function queryOfForm(form: SpawnForm): URLSearchParams {
  const query = new URLSearchParams();
  for (const { write } of fieldsOf(form)) write(query);
  return query;
}

/** The query of a link that fills the form with what a proc mesh was spawned with, as far as the API tells it. */
export const queryOfProcMesh = (procMesh: ProcMeshView): URLSearchParams =>
  queryOfForm(formOf(({ of }) => of(procMesh)));

/** What the form asks for, in the shape of a request; whether it is one is for the contract to say. */
export function spawnRequestOf(form: SpawnForm): unknown {
  const sent = fieldsOf(form).filter((field) => !isNothing(field.sent));
  const under = (group: string) =>
    Object.fromEntries(
      sent.flatMap(({ path: [first, name], sent: value }) =>
        first === group && name !== undefined ? [[name, value]] : [],
      ),
    );
  return {
    ...Object.fromEntries(
      sent.flatMap(({ path: [name, ...rest], sent: value }) => (rest.length === 0 ? [[name, value]] : [])),
    ),
    command: under('command'),
    readiness: under('readiness'),
    restart: under('restart'),
  };
}

const isNothing = (sent: unknown): boolean =>
  sent === undefined || (typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0);
