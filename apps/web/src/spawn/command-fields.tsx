'use client';

import { useState } from 'react';
import { Button } from '../ui/button/button.tsx';
import { Field } from '../ui/form/field.tsx';
import form from '../ui/form/form.module.css';
import { splitCommandLine } from './command-line.ts';
import type { FieldsProps } from './fields.ts';
import { itemsOf, withItem } from './form.ts';
import styles from './spawn.module.css';

/** The program and its arguments, one by one: no shell is involved. A command line can be pasted and is split once. */
export function CommandFields({ form: values, errors, onChange }: FieldsProps) {
  return (
    <>
      <Field
        id="program"
        label="Program"
        hint="Looked up on each host; its agent must allow it. No shell is involved."
        error={errors['command.program']}
      >
        {(described) => (
          <input
            {...described}
            value={values.program}
            placeholder="python3"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ program: event.target.value })}
          />
        )}
      </Field>
      <Arguments form={values} errors={errors} onChange={onChange} />
      <PasteLine onChange={onChange} />
      <Environment form={values} errors={errors} onChange={onChange} />
      <Field
        id="cwd"
        label="Working directory"
        hint="An absolute path; empty for a directory of the proc’s own."
        error={errors['command.cwd']}
      >
        {(described) => (
          <input
            {...described}
            value={values.cwd}
            placeholder="/srv/job"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ cwd: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function Arguments({ form: values, errors, onChange }: FieldsProps) {
  const { args } = values;
  return (
    <fieldset className={styles['list']}>
      <legend>Arguments</legend>
      {args.map((argument, index) => {
        const error = errors[`command.args.${index}`];
        return (
          <div key={argument.id} className={styles['row']}>
            <input
              className={form['control']}
              aria-label={`Argument ${index + 1}`}
              aria-invalid={error !== undefined}
              title={error}
              value={argument.text}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) =>
                onChange({
                  args: args.map((one) =>
                    one.id === argument.id ? { ...one, text: event.target.value } : one,
                  ),
                })
              }
            />
            <Button
              look="quiet"
              aria-label={`Remove argument ${index + 1}`}
              onClick={() => onChange({ args: args.filter(({ id }) => id !== argument.id) })}
            >
              Remove
            </Button>
          </div>
        );
      })}
      <Button onClick={() => onChange({ args: withItem(args, { text: '' }) })}>Add an argument</Button>
    </fieldset>
  );
}

function PasteLine({ onChange }: Pick<FieldsProps, 'onChange'>) {
  const [line, setLine] = useState('');
  const split = splitCommandLine(line);
  const words = split.ok ? split.value : [];
  return (
    <details className={styles['more']}>
      <summary>Paste a command line</summary>
      <Field
        id="paste"
        label="Command line"
        hint={
          words.length === 0
            ? 'Quotes and backslashes work as in a shell; variables, globs and pipes do not.'
            : `${words.length} words; program ${words[0]}`
        }
        error={split.ok ? undefined : split.fault.message}
        wide
      >
        {(described) => (
          <textarea
            {...described}
            rows={2}
            value={line}
            spellCheck={false}
            placeholder={`python3 train.py --name 'run 7'`}
            onChange={(event) => setLine(event.target.value)}
          />
        )}
      </Field>
      <Button
        disabled={words.length === 0}
        onClick={() => {
          const [program = '', ...rest] = words;
          onChange({ program, args: itemsOf(rest.map((text) => ({ text }))) });
          setLine('');
        }}
      >
        Use as program and arguments
      </Button>
    </details>
  );
}

function Environment({ form: values, errors, onChange }: FieldsProps) {
  const { env } = values;
  const change = (id: number, part: object) =>
    onChange({ env: env.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  return (
    <fieldset className={styles['list']}>
      <legend>Environment</legend>
      {env.map((variable, index) => {
        const error = errors[`command.env.${variable.name.trim()}`];
        return (
          <div key={variable.id} className={styles['row']}>
            <input
              className={form['control']}
              aria-label={`Name of variable ${index + 1}`}
              aria-invalid={error !== undefined}
              aria-describedby={`env-${variable.id}`}
              value={variable.name}
              placeholder="NAME"
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => change(variable.id, { name: event.target.value })}
            />
            <input
              className={form['control']}
              aria-label={`Value of ${variable.name || `variable ${index + 1}`}`}
              value={variable.value}
              placeholder="value"
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => change(variable.id, { value: event.target.value })}
            />
            <Button
              look="quiet"
              aria-label={`Remove ${variable.name || `variable ${index + 1}`}`}
              onClick={() => onChange({ env: env.filter(({ id }) => id !== variable.id) })}
            >
              Remove
            </Button>
            {error !== undefined && (
              <p id={`env-${variable.id}`} className={form['note']} data-wrong>
                {error}
              </p>
            )}
          </div>
        );
      })}
      <Button onClick={() => onChange({ env: withItem(env, { name: '', value: '' }) })}>
        Add a variable
      </Button>
    </fieldset>
  );
}
