'use client';

import { spawnDefaults } from '@hostmesh/contract';
import type { Choices } from './field-kinds.ts';
import { ChoiceInput, FlagInput, TextInput, type FieldsProps } from './inputs.tsx';
import { ListInput } from './list-input.tsx';
import { readinessKinds, restartChoices } from './spawn-fields.ts';
import styles from './spawn.module.css';

const readinessWords: Readonly<Record<Choices['ready'], string>> = {
  alive: 'it is alive, or has exited with 0',
  tcp: 'it accepts connections on a port',
  http: 'it answers an HTTP path',
  output: 'a line of its output contains a text',
  descriptor: 'it writes a line to HOSTMESH_READY_FD',
};
const restartWords: Readonly<Record<Choices['restart'], string>> = {
  never: 'never',
  on_failure: 'after a failure',
  always: 'after every end that nobody asked for',
};

/** When a proc counts as ready, what happens when it ends, how long all of that may take, and which ranks differ. */
export function CareFields(props: FieldsProps) {
  return (
    <>
      <Readiness {...props} />
      <Restart {...props} />
      <FlagInput
        {...props}
        field="keep"
        label="Keep them when their host agent ends"
        hint="A restarted agent finds them again. Otherwise they end with it."
      />
      <TextInput
        {...props}
        field="timeout"
        label="Timeout"
        hint="Total, until every rank is ready; empty for as long as readiness may take."
        placeholder="1m"
      />
      <OverrideFields {...props} />
    </>
  );
}

function Readiness(props: FieldsProps) {
  const { ready } = props.form;
  const hasPort = ready === 'tcp' || ready === 'http';
  return (
    <div className={styles['group']}>
      <ChoiceInput
        {...props}
        field="ready"
        label="Ready when"
        choices={readinessKinds}
        words={readinessWords}
      />
      {ready === 'alive' && (
        <TextInput {...props} field="aliveFor" label="Alive for" placeholder={spawnDefaults.aliveFor} />
      )}
      {hasPort && <TextInput {...props} field="port" label="Port" placeholder="8080" inputMode="numeric" />}
      {ready === 'http' && <TextInput {...props} field="path" label="Path" placeholder="/" />}
      {ready === 'output' && <TextInput {...props} field="contains" label="Text" placeholder="ready" />}
      <TextInput
        {...props}
        field="readyTimeout"
        label="Within"
        hint="It is stopped when it takes longer."
        placeholder="30s"
      />
      {hasPort && (
        <FlagInput
          {...props}
          field="perSlot"
          label="Each slot of a host has a port of its own"
          hint="The second proc of a host listens one port higher, and so on."
        />
      )}
    </div>
  );
}

function Restart(props: FieldsProps) {
  return (
    <div className={styles['group']}>
      <ChoiceInput {...props} field="restart" label="Restart" choices={restartChoices} words={restartWords} />
      {props.form.restart !== 'never' && (
        <>
          <TextInput
            {...props}
            field="limit"
            label="Times in a row"
            hint="Then it has failed for good."
            placeholder={String(spawnDefaults.restartLimit)}
            inputMode="numeric"
          />
          <TextInput
            {...props}
            field="backoff"
            label="First after"
            hint={`Then twice as long each time, up to ${spawnDefaults.maxBackoff}.`}
            placeholder={spawnDefaults.backoff}
          />
        </>
      )}
    </div>
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
      legend="Ranks that differ"
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
