'use client';

import { spawnDefaults } from '@hostmesh/contract';
import { Field } from '../ui/form/field.tsx';
import type { FieldsProps } from './fields.ts';
import {
  readinessKinds,
  restartPolicies,
  type ReadinessKind,
  type RestartChoice,
  type SpawnForm,
} from './form.ts';
import styles from './spawn.module.css';

const readinessWords: Readonly<Record<ReadinessKind, string>> = {
  alive: 'it is alive, or has exited with 0',
  tcp: 'it accepts connections on a port',
  http: 'it answers an HTTP path',
  output: 'a line of its output contains a text',
  descriptor: 'it writes a line to HOSTMESH_READY_FD',
};
const policyWords: Readonly<Record<RestartChoice, string>> = {
  never: 'never',
  on_failure: 'after a failure',
  always: 'after every end that nobody asked for',
};

/** When a proc counts as ready, what happens when it ends, and how long all of that may take. */
export function LifeFields(props: FieldsProps) {
  const { form, errors, onChange } = props;
  return (
    <>
      <Readiness {...props} />
      <Restart {...props} />
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={form.keep}
          onChange={(event) => onChange({ keep: event.target.checked })}
        />
        <span>
          Keep them when their host agent ends
          <small>A restarted agent finds them again. Otherwise they end with it.</small>
        </span>
      </label>
      <Field
        id="timeout"
        label="Timeout"
        hint="Total, until every rank is ready; empty for as long as readiness may take."
        error={errors['timeout']}
      >
        {(described) => (
          <input
            {...described}
            value={form.timeout}
            placeholder="1m"
            autoComplete="off"
            onChange={(event) => onChange({ timeout: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function Readiness({ form, errors, onChange }: FieldsProps) {
  const { readiness } = form;
  const change = (part: Partial<SpawnForm['readiness']>) =>
    onChange({ readiness: { ...readiness, ...part } });
  const text = (name: 'aliveFor' | 'port' | 'path' | 'contains' | 'timeout', placeholder: string) => ({
    value: readiness[name],
    placeholder,
    autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  const hasPort = readiness.kind === 'tcp' || readiness.kind === 'http';
  return (
    <div className={styles['group']}>
      <Field id="readiness" label="Ready when" error={errors['readiness.kind']}>
        {(described) => (
          <select
            {...described}
            value={readiness.kind}
            onChange={(event) => {
              const chosen = readinessKinds.find((kind) => kind === event.target.value);
              if (chosen !== undefined) change({ kind: chosen });
            }}
          >
            {readinessKinds.map((kind) => (
              <option key={kind} value={kind}>
                {readinessWords[kind]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {readiness.kind === 'alive' && (
        <Field id="alive-for" label="Alive for" error={errors['readiness.for']}>
          {(described) => <input {...described} {...text('aliveFor', spawnDefaults.aliveFor)} />}
        </Field>
      )}
      {hasPort && (
        <Field id="port" label="Port" error={errors['readiness.port']}>
          {(described) => <input {...described} {...text('port', '8080')} inputMode="numeric" />}
        </Field>
      )}
      {readiness.kind === 'http' && (
        <Field id="path" label="Path" error={errors['readiness.path']}>
          {(described) => <input {...described} {...text('path', '/')} />}
        </Field>
      )}
      {readiness.kind === 'output' && (
        <Field id="contains" label="Text" error={errors['readiness.contains']}>
          {(described) => <input {...described} {...text('contains', 'ready')} />}
        </Field>
      )}
      <Field
        id="ready-timeout"
        label="Within"
        hint="It is stopped when it takes longer."
        error={errors['readiness.timeout']}
      >
        {(described) => <input {...described} {...text('timeout', '30s')} />}
      </Field>
      {hasPort && (
        <label className={styles['check']}>
          <input
            type="checkbox"
            checked={readiness.perSlot}
            onChange={(event) => change({ perSlot: event.target.checked })}
          />
          <span>
            Each slot of a host has a port of its own
            <small>The second proc of a host listens one port higher, and so on.</small>
          </span>
        </label>
      )}
    </div>
  );
}

function Restart({ form, errors, onChange }: FieldsProps) {
  const { restart } = form;
  const change = (part: Partial<SpawnForm['restart']>) => onChange({ restart: { ...restart, ...part } });
  return (
    <div className={styles['group']}>
      <Field id="restart" label="Restart" error={errors['restart.policy']}>
        {(described) => (
          <select
            {...described}
            value={restart.policy}
            onChange={(event) => {
              const chosen = restartPolicies.find((policy) => policy === event.target.value);
              if (chosen !== undefined) change({ policy: chosen });
            }}
          >
            {restartPolicies.map((policy) => (
              <option key={policy} value={policy}>
                {policyWords[policy]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {restart.policy !== 'never' && (
        <>
          <Field
            id="limit"
            label="Times in a row"
            hint="Then it has failed for good."
            error={errors['restart.limit']}
          >
            {(described) => (
              <input
                {...described}
                value={restart.limit}
                placeholder={String(spawnDefaults.restartLimit)}
                inputMode="numeric"
                autoComplete="off"
                onChange={(event) => change({ limit: event.target.value })}
              />
            )}
          </Field>
          <Field
            id="backoff"
            label="First after"
            hint="Then twice as long each time, up to 30s."
            error={errors['restart.backoff']}
          >
            {(described) => (
              <input
                {...described}
                value={restart.backoff}
                placeholder={spawnDefaults.backoff}
                autoComplete="off"
                onChange={(event) => change({ backoff: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}
