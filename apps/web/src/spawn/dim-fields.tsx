'use client';

import { rowErrors } from './field-path.ts';
import type { FieldsProps } from './fields.ts';
import type { DimField } from './form.ts';
import { ListFields, rowInput, withChange } from './list-fields.tsx';

/** How many procs each host gets, as labelled sizes; without any it is one. */
export function DimFields(props: FieldsProps & { meshExtent: Readonly<Record<string, number>> }) {
  const { form, errors, onChange, meshExtent } = props;
  const { dims } = form;
  const extent = Object.entries(meshExtent).map(([label, size]) => `${label}=${size}`);
  const change = (id: number, part: Partial<DimField>) => onChange({ dims: withChange(dims, id, part) });
  return (
    <ListFields
      legend="Procs per host"
      hint={
        dims.length === 0
          ? `One on each host. Dimensions multiply it, and follow those of the mesh (${extent.join(', ')}).`
          : `They follow the dimensions of the mesh: ${extent.join(', ')}.`
      }
      add="Add a dimension"
      items={dims}
      blank={{ label: '', size: '' }}
      onChange={(changed) => onChange({ dims: changed })}
      error={errors['perHost']}
      row={({ id, label, size }, index) => {
        const { message, isWrong } = rowErrors(errors, `dims.${id}`);
        const note = { id: `dim-${id}`, error: message };
        return {
          name: label || `dimension ${index + 1}`,
          note,
          inputs: (
            <>
              <input
                {...rowInput(note, isWrong('label'))}
                aria-label={`Dimension ${index + 1}`}
                value={label}
                placeholder="gpus"
                onChange={(event) => change(id, { label: event.target.value })}
              />
              <input
                {...rowInput(note, isWrong('size'))}
                aria-label={`Size of ${label || `dimension ${index + 1}`}`}
                inputMode="numeric"
                value={size}
                placeholder="4"
                onChange={(event) => change(id, { size: event.target.value })}
              />
            </>
          ),
        };
      }}
    />
  );
}
