'use client';

import { configKeys, countOf } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { configSnapshotQuery } from '../queries/config-queries.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Button } from '../ui/button/button.tsx';
import formStyles from '../ui/form/form.module.css';
import { DigestText } from '../ui/text/mono.tsx';
import styles from './attach.module.css';
import type { Override } from './attach-form.ts';

const sent = configKeys.filter(({ propagates }) => propagates);

/** What will be sent: the API's snapshot, and values that differ from it for this mesh. */
export function ConfigFields(props: {
  overrides: readonly Override[];
  errors: Readonly<Record<string, string>>;
  onChange: (overrides: readonly Override[]) => void;
}) {
  const { overrides, errors, onChange } = props;
  const snapshot = useQuery(configSnapshotQuery());
  const change = (id: number, part: Partial<Override>) =>
    onChange(overrides.map((override) => (override.id === id ? { ...override, ...part } : override)));
  return (
    <div className={styles['config']}>
      <p className="quiet">
        Every host gets the effective values of {countOf(snapshot.data?.values.length ?? sent.length, 'key')},{' '}
        {snapshot.data === undefined ? 'as the API has them' : <DigestText digest={snapshot.data.digest} />}.{' '}
        <AppLink href={links.config()}>See all values</AppLink>
      </p>
      <datalist id="config-keys">
        {sent.map(({ key }) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      {overrides.map((override, index) => {
        const known = sent.find(({ key }) => key === override.key);
        const current = snapshot.data?.values.find(({ key }) => key === override.key)?.value;
        const error = errors[`config.${override.key}`];
        const note = `override-${override.id}-note`;
        return (
          <div key={override.id} className={styles['override']}>
            <input
              className={formStyles['control']}
              aria-label={`Config key ${index + 1}`}
              list="config-keys"
              value={override.key}
              placeholder="KEY"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => change(override.id, { key: event.target.value })}
            />
            <input
              className={formStyles['control']}
              aria-label={`Value of ${override.key || `key ${index + 1}`}`}
              aria-describedby={note}
              aria-invalid={error !== undefined}
              value={override.value}
              placeholder={current ?? 'value'}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => change(override.id, { value: event.target.value })}
            />
            <Button look="quiet" onClick={() => onChange(overrides.filter(({ id }) => id !== override.id))}>
              Remove
            </Button>
            <p id={note} className={formStyles['note']} data-wrong={error !== undefined || undefined}>
              {error ??
                (known === undefined
                  ? ''
                  : `${known.type}; now ${current ?? 'not set'}. ${known.description}`)}
            </p>
          </div>
        );
      })}
      <Button onClick={() => onChange([...overrides, { id: nextId(overrides), key: '', value: '' }])}>
        Override a value
      </Button>
    </div>
  );
}

const nextId = (overrides: readonly Override[]) => Math.max(0, ...overrides.map(({ id }) => id)) + 1;
