import { countOf, type HostListError } from '@hostmesh/core';
import formStyles from '../ui/form/form.module.css';
import { Shape } from '../ui/state/state-mark.tsx';
import styles from './attach.module.css';
import type { HostsReading } from './attach-form.ts';

const ERRORS_SHOWN = 8;
const NAMES_SHOWN = 3;
const PREVIEW = 2000;

const example =
  'tcp:gpu[001-128,200]:26600   # ranges\ntcp:10.0.0.5:26600, tcp:10.0.0.6:26600\nunix:/run/agent.sock';

/** The host list: typed or pasted, with an error for each wrong line and an exact count of what it names. */
export function HostsField(props: {
  value: string;
  reading: HostsReading;
  /** What the API said about the list, should it know better. */
  refused: readonly string[];
  onChange: (value: string) => void;
}) {
  return (
    <div className={styles['hosts']}>
      <div className={formStyles['field']}>
        <label htmlFor="hosts">Hosts</label>
        <textarea
          id="hosts"
          rows={8}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder={example}
          value={props.value}
          aria-describedby="hosts-note"
          aria-invalid={props.reading.kind === 'wrong' || props.refused.length > 0}
          onChange={(event) => props.onChange(event.target.value)}
        />
      </div>
      <div id="hosts-note" className={styles['reading']} aria-live="polite">
        <Reading reading={props.reading} />
        {props.refused.map((message) => (
          <p key={message} className={formStyles['note']} data-wrong>
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

function Reading({ reading }: { reading: HostsReading }) {
  if (reading.kind === 'empty') {
    return (
      <p className={formStyles['note']}>
        One per line or comma separated; <code>#</code> begins a comment, <code>[001-128]</code> is a range.
      </p>
    );
  }
  if (reading.kind === 'wrong') return <Errors errors={reading.errors} />;
  const names = reading.hosts.map(({ text }) => text);
  const last = names.at(-1);
  return (
    <>
      <p>
        <strong>{countOf(names.length, 'host')}</strong>
        <span className="quiet">
          {' '}
          {names.slice(0, NAMES_SHOWN).join(', ')}
          {names.length > NAMES_SHOWN && ` … ${last}`}
        </span>
      </p>
      {names.length > NAMES_SHOWN && (
        <details>
          <summary>Every target, in the order of its rank</summary>
          <ol className={styles['targets']} start={0} tabIndex={0}>
            {names.slice(0, PREVIEW).map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ol>
          {names.length > PREVIEW && <p className="quiet">and {names.length - PREVIEW} more</p>}
        </details>
      )}
    </>
  );
}

function Errors({ errors }: { errors: readonly HostListError[] }) {
  return (
    <>
      <p className={formStyles['note']} data-wrong>
        <Shape tone="failed" />{' '}
        {errors.length === 1
          ? 'One entry has to be corrected'
          : `${countOf(errors.length, 'entry', 'entries')} have to be corrected`}
      </p>
      <ul className={styles['errors']}>
        {errors.slice(0, ERRORS_SHOWN).map((error) => (
          <li key={`${error.line} ${error.entry} ${error.code}`}>
            <span className="quiet">Line {error.line}</span>{' '}
            {error.entry !== '' && <code>{error.entry}</code>} {error.message}
          </li>
        ))}
      </ul>
      {errors.length > ERRORS_SHOWN && <p className="quiet">and {errors.length - ERRORS_SHOWN} more</p>}
    </>
  );
}
