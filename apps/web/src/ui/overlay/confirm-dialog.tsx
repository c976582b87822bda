'use client';

import { countOf, formatCount } from '@hostmesh/core';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { Button } from '../button/button.tsx';
import { ModalDialog } from './modal-dialog.tsx';
import styles from './overlay.module.css';

/** Above this many targets the reader types a word before the button works. */
const TYPING_ABOVE = 50;
const NAMES_SHOWN = 5;
/** More names than anybody reads make a dialog slow. */
const NAMES_FOLDED = 1000;

/**
 * Asks before something ends. Names exactly what ends: how many, the first by name, the rest folded. `verb` is
 * what the button does ("Stop mesh"); `word` is what has to be typed when there are many targets. It can be closed while
 * it is under way: whoever shows it then tells the outcome as a notice.
 */
export function ConfirmDialog(props: {
  title: string;
  children: ReactNode;
  /** What ends, by name. */
  targets: readonly string[];
  /** "host", "proc": for counts. */
  noun: string;
  verb: string;
  word: string;
  isPending: boolean;
  error: ApiError | null;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const mustType = props.targets.length > TYPING_ABOVE;
  const whyNot = props.isPending
    ? 'It is under way'
    : mustType && typed !== props.word
      ? `Type ${props.word} first`
      : null;
  return (
    <ModalDialog title={props.title} onClose={props.onClose}>
      <form
        className={styles['body']}
        onSubmit={(event) => {
          event.preventDefault();
          if (whyNot === null) props.onConfirm();
        }}
      >
        {props.children}
        <Targets names={props.targets} noun={props.noun} />
        {mustType && (
          <label className={styles['field']}>
            <span>
              Type <strong>{props.word}</strong> to go on
            </span>
            <input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          </label>
        )}
        {props.error !== null && (
          <p role="alert" className={styles['fault']}>
            {props.error.message}
          </p>
        )}
        <div className={styles['foot']}>
          {/* What has been asked for cannot be taken back: closing only stops watching. */}
          <Button onClick={props.onClose}>{props.isPending ? 'Close; it goes on' : 'Keep as it is'}</Button>
          <Button type="submit" look="danger" whyDisabled={whyNot}>
            {props.isPending ? `${props.verb}: under way` : props.verb}
          </Button>
        </div>
      </form>
    </ModalDialog>
  );
}

function Targets({ names, noun }: { names: readonly string[]; noun: string }) {
  const rest = names.slice(NAMES_SHOWN);
  const list = (some: readonly string[]) => (
    <ul>
      {some.map((name) => (
        <li key={name}>
          <code>{name}</code>
        </li>
      ))}
    </ul>
  );
  return (
    <div className={styles['targets']}>
      <strong>{countOf(names.length, noun)}</strong>
      {list(names.slice(0, NAMES_SHOWN))}
      {rest.length > 0 && (
        <details>
          <summary>and {formatCount(rest.length)} more</summary>
          {list(rest.slice(0, NAMES_FOLDED))}
          {rest.length > NAMES_FOLDED && <p>and {formatCount(rest.length - NAMES_FOLDED)} more</p>}
        </details>
      )}
    </div>
  );
}

/** Tells whether the component is still mounted. What a dialog began may end after it was closed; a notice then says how. */
export function useIsShown(): () => boolean {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return useCallback(() => shown.current, []);
}
