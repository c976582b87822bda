'use client';

import { Button } from '../ui/button/button.tsx';
import form from '../ui/form/form.module.css';
import type { FieldsProps } from './fields.ts';
import { withItem } from './form.ts';
import styles from './spawn.module.css';

/** How many procs each host gets, as labelled sizes; without any it is one. */
export function DimFields(props: FieldsProps & { meshExtent: Readonly<Record<string, number>> }) {
  const { form: values, errors, onChange, meshExtent } = props;
  const { dims } = values;
  const extent = Object.entries(meshExtent).map(([label, size]) => `${label}=${size}`);
  const change = (id: number, part: object) =>
    onChange({ dims: dims.map((dim) => (dim.id === id ? { ...dim, ...part } : dim)) });
  return (
    <fieldset className={styles['list']}>
      <legend>Procs per host</legend>
      <p className={form['note']}>
        {dims.length === 0
          ? `One on each host. Dimensions multiply it, and follow those of the mesh (${extent.join(', ')}).`
          : `They follow the dimensions of the mesh: ${extent.join(', ')}.`}
      </p>
      {dims.map((dim, index) => {
        const error = errors[`perHost.${dim.label}`];
        return (
          <div key={dim.id} className={styles['row']}>
            <input
              className={form['control']}
              aria-label={`Dimension ${index + 1}`}
              aria-invalid={error !== undefined}
              aria-describedby={`dim-${dim.id}`}
              value={dim.label}
              placeholder="gpus"
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => change(dim.id, { label: event.target.value })}
            />
            <input
              className={form['control']}
              aria-label={`Size of ${dim.label || `dimension ${index + 1}`}`}
              aria-invalid={error !== undefined}
              inputMode="numeric"
              value={dim.size}
              placeholder="4"
              autoComplete="off"
              onChange={(event) => change(dim.id, { size: event.target.value })}
            />
            <Button
              look="quiet"
              aria-label={`Remove ${dim.label || `dimension ${index + 1}`}`}
              onClick={() => onChange({ dims: dims.filter(({ id }) => id !== dim.id) })}
            >
              Remove
            </Button>
            {error !== undefined && (
              <p id={`dim-${dim.id}`} className={form['note']} data-wrong>
                {error}
              </p>
            )}
          </div>
        );
      })}
      <Button onClick={() => onChange({ dims: withItem(dims, { label: '', size: '' }) })}>
        Add a dimension
      </Button>
    </fieldset>
  );
}
