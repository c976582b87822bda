'use client';

import { rowErrors } from './field-path.ts';
import type { FieldsProps } from './fields.ts';
import type { RankOverride } from './form.ts';
import { ListFields, rowInput, withChange } from './list-fields.tsx';
import styles from './spawn.module.css';

/** What differs at single ranks: the rank and its program, and below them what the program gets. */
export function OverrideFields({ form, errors, onChange }: FieldsProps) {
  const { overrides } = form;
  const change = (id: number, part: Partial<RankOverride>) =>
    onChange({ overrides: withChange(overrides, id, part) });
  return (
    <ListFields
      legend="Ranks that differ"
      add="Let a rank differ"
      items={overrides}
      blank={{ rank: '', program: '', args: '', env: '' }}
      onChange={(changed) => onChange({ overrides: changed })}
      row={(override, index) => {
        const { id, rank, env } = override;
        const where = rank === '' ? `override ${index + 1}` : `rank ${rank}`;
        const { message, isWrong } = rowErrors(errors, `overrides.${id}`);
        const note = { id: `override-${id}`, error: message };
        const text = (name: 'rank' | 'program' | 'args', label: string, placeholder: string) => (
          <input
            {...rowInput(note, isWrong(name))}
            aria-label={`${label} of ${where}`}
            value={override[name]}
            placeholder={placeholder}
            onChange={(event) => change(id, { [name]: event.target.value })}
          />
        );
        return {
          name: where,
          note,
          inputs: (
            <>
              <div className={styles['override']}>
                {text('rank', 'Rank', 'rank')}
                {text('program', 'Program', 'program, if another')}
              </div>
              {text('args', 'Arguments', `arguments, as in -x 'a b'`)}
              <textarea
                {...rowInput(note, isWrong('env'))}
                aria-label={`Environment of ${where}`}
                rows={env.split('\n').length}
                value={env}
                placeholder="NAME=value, one per line"
                onChange={(event) => change(id, { env: event.target.value })}
              />
            </>
          ),
        };
      }}
    />
  );
}
