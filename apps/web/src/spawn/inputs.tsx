'use client';

import type { ReactNode } from 'react';
import { Field } from '../ui/form/form-parts.tsx';
import type { FieldErrors } from './check-form.ts';
import type { FieldName, SpawnForm } from './spawn-form.ts';
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
  readonly label: string;
  readonly hint?: ReactNode;
}

/** A field that is typed on one line, or on as many as it has with `isLong`. */
export function TextInput({
  form,
  errors,
  onChange,
  field,
  label,
  hint,
  ...rest
}: InputProps<FieldOf<string>> & {
  readonly placeholder?: string;
  readonly inputMode?: 'numeric';
  readonly isLong?: boolean;
}) {
  const { isLong = false, ...shown } = rest;
  return (
    <Field id={field} label={label} hint={hint} error={errors[field]} {...(isLong && { wide: true })}>
      {(described) => {
        const input = {
          ...described,
          ...shown,
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
  props: InputProps<Name> & {
    readonly choices: readonly SpawnForm[Name][];
    readonly words: Readonly<Record<SpawnForm[Name], string>>;
  },
) {
  const { form, errors, onChange, field, choices, words } = props;
  return (
    <Field id={field} label={props.label} hint={props.hint} error={errors[field]}>
      {(described) => (
        <select
          {...described}
          value={form[field]}
          onChange={(event) => {
            const chosen = choices.find((choice) => choice === event.target.value);
            if (chosen !== undefined) onChange({ [field]: chosen });
          }}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {words[choice]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A field that is ticked or not. */
export function FlagInput({ form, errors, onChange, field, label, hint }: InputProps<FieldOf<boolean>>) {
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
