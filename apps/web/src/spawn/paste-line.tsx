'use client';

import { countOf } from '@hostmesh/core';
import { useState } from 'react';
import { Button } from '../ui/button/button.tsx';
import { Field } from '../ui/form/form-parts.tsx';
import { splitCommandLine } from './command-line.ts';
import type { FieldsProps } from './inputs.tsx';
import { itemsOf } from './rows.ts';
import styles from './spawn.module.css';

/** A command line that is split once, into the program and its arguments. */
export function PasteLine({ onChange }: Pick<FieldsProps, 'onChange'>) {
  const [line, setLine] = useState('');
  const split = splitCommandLine(line);
  const words = split.ok ? split.value : [];
  return (
    <details className={styles['more']}>
      <summary>Paste a command line</summary>
      <Field
        id="paste"
        label="Command line"
        hint={
          words.length === 0
            ? 'Quotes and backslashes work as in a shell; variables, globs and pipes do not.'
            : `${countOf(words.length, 'word')}; program ${words[0]}`
        }
        error={split.ok ? undefined : split.fault.message}
        wide
      >
        {(described) => (
          <textarea
            {...described}
            rows={2}
            value={line}
            spellCheck={false}
            placeholder={`python3 train.py --name 'run 7'`}
            onChange={(event) => setLine(event.target.value)}
          />
        )}
      </Field>
      <Button
        whyDisabled={words.length === 0 ? 'There is no command line to take apart' : null}
        onClick={() => {
          const [program = '', ...rest] = words;
          onChange({ program, args: itemsOf(rest.map((text) => ({ text }))) });
          setLine('');
        }}
      >
        Use as program and arguments
      </Button>
    </details>
  );
}
