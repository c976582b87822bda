'use client';

import { TextInput, type FieldsProps } from './inputs.tsx';
import { ListInput } from './list-input.tsx';
import { PasteLine } from './paste-line.tsx';

/**
 * The program with its arguments, one by one, and what it runs in: no shell is involved, and a command line that is
 * pasted is split once. Then how many of it, and where.
 */
export function WhatFields({
  meshExtent,
  ...props
}: FieldsProps & { meshExtent: Readonly<Record<string, number>> }) {
  const { form, errors, onChange } = props;
  return (
    <>
      <TextInput {...props} field="name" />
      <TextInput {...props} field="program" />
      <ListInput
        field="args"
        errors={errors}
        add="Add an argument"
        rows={form.args}
        blank={{ text: '' }}
        onRows={(args) => onChange({ args })}
        nameOf={(_, index) => `argument ${index + 1}`}
      >
        {(input, _, index) => <input {...input('text', `Argument ${index + 1}`)} />}
      </ListInput>
      <PasteLine onChange={onChange} />
      <EnvironmentFields {...props} />
      <TextInput {...props} field="cwd" />
      <TextInput {...props} field="runAs" />
      <DimFields {...props} meshExtent={meshExtent} />
      <TextInput {...props} field="bind" isLong />
    </>
  );
}

const UNKNOWN = 'value not known, type it';

/** Variables of the program's environment. Values that a link does not tell have to be typed. */
function EnvironmentFields({ form, errors, onChange }: FieldsProps) {
  return (
    <ListInput
      field="env"
      errors={errors}
      add="Add a variable"
      rows={form.env}
      blank={{ name: '', value: '' }}
      onRows={(env) => onChange({ env })}
      nameOf={({ name }, index) => name || `variable ${index + 1}`}
      hintOf={({ name, value }) =>
        value === null ? `${name}: ${UNKNOWN}, or remove the variable.` : undefined
      }
    >
      {(input, { name, value }, index) => (
        <>
          <input {...input('name', `Name of variable ${index + 1}`, 'NAME')} />
          <input
            {...input(
              'value',
              `Value of ${name || `variable ${index + 1}`}`,
              value === null ? UNKNOWN : 'value',
            )}
          />
        </>
      )}
    </ListInput>
  );
}

/** How many procs each host gets, as labelled sizes; without any it is one. */
function DimFields(props: FieldsProps & { meshExtent: Readonly<Record<string, number>> }) {
  const { form, errors, onChange } = props;
  const extent = Object.entries(props.meshExtent).map(([label, size]) => `${label}=${size}`);
  return (
    <ListInput
      field="dims"
      errors={errors}
      hint={
        form.dims.length === 0
          ? `One on each host. Dimensions multiply it, and follow those of the mesh (${extent.join(', ')}).`
          : `They follow the dimensions of the mesh: ${extent.join(', ')}.`
      }
      add="Add a dimension"
      rows={form.dims}
      blank={{ name: '', value: '' }}
      onRows={(dims) => onChange({ dims })}
      nameOf={({ name }, index) => name || `dimension ${index + 1}`}
    >
      {(input, { name }, index) => (
        <>
          <input {...input('name', `Dimension ${index + 1}`, 'gpus')} />
          <input
            {...input('value', `Size of ${name || `dimension ${index + 1}`}`, '4')}
            inputMode="numeric"
          />
        </>
      )}
    </ListInput>
  );
}
