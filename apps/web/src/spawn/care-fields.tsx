'use client';

import { ChoiceInput, FlagInput, TextInput, type FieldsProps } from './inputs.tsx';
import { ListInput } from './list-input.tsx';
import { readyChoices, restartChoices } from './spawn-fields.ts';
import styles from './spawn.module.css';

/** When a proc counts as ready, what happens when it ends, how long all of that may take, and which ranks differ. */
export function CareFields(props: FieldsProps) {
  return (
    <>
      <div className={styles['group']}>
        <ChoiceInput {...props} field="ready" choices={readyChoices} />
        <TextInput {...props} field="aliveFor" />
        <TextInput {...props} field="port" />
        <TextInput {...props} field="path" />
        <TextInput {...props} field="contains" />
        <TextInput {...props} field="readyTimeout" />
        <FlagInput {...props} field="perSlot" />
      </div>
      <div className={styles['group']}>
        <ChoiceInput {...props} field="restart" choices={restartChoices} />
        <TextInput {...props} field="limit" />
        <TextInput {...props} field="backoff" />
      </div>
      <FlagInput {...props} field="keep" />
      <TextInput {...props} field="timeout" />
      <OverrideFields {...props} />
    </>
  );
}

/** What differs at single ranks: the rank and its program, and below them what the program gets. */
function OverrideFields({ form, errors, onChange }: FieldsProps) {
  const nameOf = ({ rank }: { rank: string }, index: number) =>
    rank === '' ? `override ${index + 1}` : `rank ${rank}`;
  return (
    <ListInput
      field="overrides"
      errors={errors}
      add="Let a rank differ"
      rows={form.overrides}
      blank={{ rank: '', program: '', args: '', env: '' }}
      onRows={(overrides) => onChange({ overrides })}
      nameOf={nameOf}
    >
      {(input, override, index) => {
        const where = nameOf(override, index);
        return (
          <>
            <div className={styles['override']}>
              <input {...input('rank', `Rank of ${where}`, 'rank')} />
              <input {...input('program', `Program of ${where}`, 'program, if another')} />
            </div>
            <input {...input('args', `Arguments of ${where}`, `arguments, as in -x 'a b'`)} />
            <textarea
              {...input('env', `Environment of ${where}`, 'NAME=value, one per line')}
              rows={override.env.split('\n').length}
            />
          </>
        );
      }}
    </ListInput>
  );
}
