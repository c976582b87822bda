'use client';

import { useState } from 'react';
import { CopyButton } from '../text/copy-button.tsx';
import styles from './raw.module.css';

/**
 * A thing as a script sees it: commands to read and repeat it, and its JSON. Both are worked out only when they are
 * looked at: those of ten thousand hosts are megabytes.
 */
export function Raw(props: {
  noun: string;
  commands: () => readonly { readonly label: string; readonly text: string }[];
  value: unknown;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles['raw']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>For scripts: curl and JSON</summary>
      {isOpen && (
        <>
          <dl>
            {props.commands().map(({ label, text }) => (
              <div key={label}>
                <dt>
                  {label} <CopyButton text={text} label={`Copy as curl: ${label}`} />
                </dt>
                <dd>
                  <pre tabIndex={0}>{text}</pre>
                </dd>
              </div>
            ))}
          </dl>
          <pre tabIndex={0} aria-label={`The ${props.noun} as JSON`}>
            {JSON.stringify(props.value, null, 2)}
          </pre>
        </>
      )}
    </details>
  );
}

/** Text as a shell reads it back whole. */
const shellQuote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A call of the API for a terminal. The origin is the reader's own: what works in the browser works there. */
export function curl(path: string, options = ''): string {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  return `curl -sS ${shellQuote(origin + path)} -H "Authorization: Bearer $TOKEN"${options === '' ? '' : ` ${options}`}`;
}

/** A call with a JSON body. */
export const curlWithBody = (path: string, body: unknown): string =>
  curl(path, `-H 'Content-Type: application/json' -d ${shellQuote(JSON.stringify(body))}`);
