'use client';

import { Button } from '../ui/button/button.tsx';
import form from '../ui/form/form.module.css';
import type { FieldsProps } from './fields.ts';
import { withItem, type RankOverride } from './form.ts';
import styles from './spawn.module.css';

/** What differs at single ranks. */
export function OverrideFields({ form: values, errors, onChange }: FieldsProps) {
  const { overrides } = values;
  const change = (id: number, part: Partial<RankOverride>) =>
    onChange({ overrides: overrides.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  return (
    <fieldset className={styles['list']}>
      <legend>Ranks that differ</legend>
      {overrides.map((override, index) => {
        const where = override.rank === '' ? `override ${index + 1}` : `rank ${override.rank}`;
        const wrong = Object.entries(errors).filter(
          ([field]) => field === `perRank.${override.rank}` || field.startsWith(`perRank.${override.rank}.`),
        );
        const text = (name: 'rank' | 'program' | 'args', label: string, placeholder: string) => (
          <input
            className={form['control']}
            aria-label={`${label} of ${where}`}
            aria-describedby={`override-${override.id}`}
            aria-invalid={wrong.length > 0}
            value={override[name]}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => change(override.id, { [name]: event.target.value })}
          />
        );
        return (
          <div key={override.id} className={styles['override']}>
            {text('rank', 'Rank', 'rank')}
            {text('program', 'Program', 'program, if another')}
            {text('args', 'Arguments', `arguments, as in -x 'a b'`)}
            <textarea
              className={form['control']}
              aria-label={`Environment of ${where}`}
              rows={1}
              value={override.env}
              placeholder="NAME=value, one per line"
              spellCheck={false}
              onChange={(event) => change(override.id, { env: event.target.value })}
            />
            <Button
              look="quiet"
              aria-label={`Remove ${where}`}
              onClick={() => onChange({ overrides: overrides.filter(({ id }) => id !== override.id) })}
            >
              Remove
            </Button>
            <p
              id={`override-${override.id}`}
              className={form['note']}
              data-wrong={wrong.length > 0 || undefined}
            >
              {wrong.map(([, message]) => message).join(' ')}
            </p>
          </div>
        );
      })}
      <Button
        onClick={() =>
          onChange({ overrides: withItem(overrides, { rank: '', program: '', args: '', env: '' }) })
        }
      >
        Let a rank differ
      </Button>
    </fieldset>
  );
}
