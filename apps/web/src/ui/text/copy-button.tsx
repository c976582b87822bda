'use client';

import { useEffect, useState } from 'react';
import styles from './text.module.css';

/** Copies `text`; `label` says what it is, as in "Copy address". Shows for a moment that it did, or could not. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [result, setResult] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (result === 'idle') return;
    const timer = setTimeout(() => setResult('idle'), 1500);
    return () => clearTimeout(timer);
  }, [result]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('refused');
    }
  }
  return (
    <button type="button" className={styles['copy']} aria-label={label} title={label} onClick={copy}>
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.4">
        {result === 'copied' ? (
          <path d="M3 8.5l3.2 3.2L13 5" strokeWidth="1.8" />
        ) : (
          <path d="M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2" />
        )}
      </svg>
      <span role="status" className="unseen">
        {result === 'copied' ? 'Copied' : result === 'refused' ? 'The browser did not allow copying' : ''}
      </span>
    </button>
  );
}
