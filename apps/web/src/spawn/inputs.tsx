'use client';

import { Field } from '../ui/form/form-parts.tsx';
import type { FieldErrors } from './check-form.ts';
import type { ChoiceWords } from './field-kinds.ts';
import { isPart, type FieldName, type SpawnForm } from './spawn-form.ts';
import { spawnFields } from './spawn-fields.ts';
import styles from './spawn.module.css';

/** What every group of fields gets. */
export interface FieldsProps {
  readonly form: SpawnForm;
  readonly errors: FieldErrors;
  readonly onChange: (part: Partial<SpawnForm>) => void;
}

/** The fields whose values are of a type. */
type FieldOf<Value> = {
  [Name in FieldName]: SpawnForm[Name] extends Value ? (Value extends SpawnForm[Name] ? Name : never) : never;
}[FieldName];

interface InputProps<Name> extends FieldsProps {
  readonly field: Name;
}

/** A field that is typed on one line, or on as many as it has with `isLong`; nothing when the form has no such field. */
export function TextInput(props: InputProps<FieldOf<string>> & { readonly isLong?: boolean }) {
  const { form, errors, onChange, field, isLong = false } = props;
  const { label, hint, placeholder, inputMode } = spawnFields[field];
  if (!isPart(field, form)) return null;
  return (
    <Field id={field} label={label} hint={hint} error={errors[field]} {...(isLong && { wide: true })}>
      {(described) => {
        const input = {
          ...described,
          placeholder,
          inputMode,
          value: form[field],
          spellCheck: false,
          autoComplete: 'off',
          onChange: (event: { target: { value: string } }) => onChange({ [field]: event.target.value }),
        };
        return isLong ? <textarea {...input} rows={form[field].split('\n').length} /> : <input {...input} />;
      }}
    </Field>
  );
}

/** A field that is one of several choices, each told in words. */
export function ChoiceInput<Name extends 'ready' | 'restart'>(
  props: InputProps<Name> & { readonly choices: ChoiceWords<SpawnForm[Name]> },
) {
  const { form, errors, onChange, field, choices } = props;
  return (
    <Field id={field} label={spawnFields[field].label} error={errors[field]}>
      {(described) => (
        <select
          {...described}
          value={form[field]}
          onChange={(event) => {
            const chosen = choices.find(([choice]) => choice === event.target.value);
            if (chosen !== undefined) onChange({ [field]: chosen[0] });
          }}
        >
          {choices.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A field that is ticked or not; nothing when the form has no such field. */
export function FlagInput({ form, errors, onChange, field }: InputProps<FieldOf<boolean>>) {
  const { label, hint } = spawnFields[field];
  if (!isPart(field, form)) return null;
  return (
    <label className={styles['check']}>
      <input
        type="checkbox"
        checked={form[field]}
        onChange={(event) => onChange({ [field]: event.target.checked })}
      />
      <span>
        {label}
        <small>{errors[field] ?? hint}</small>
      </span>
    </label>
  );
}
