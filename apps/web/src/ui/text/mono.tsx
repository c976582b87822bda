import { shortDigest } from '@hostmesh/core';
import { CopyButton } from './copy-button.tsx';
import styles from './text.module.css';

/** Longer texts are cut, at more than a line can show: the ref of a large mesh names thousands of addresses. */
const SHOWN = 200;

/** An address or id: monospaced, selected as a whole, copied with one click unless `copy` is false. */
export function Mono({ text, noun, copy = true }: { text: string; noun: string; copy?: boolean }) {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return (
    <span className={styles['mono']}>
      <code translate="no" title={shown}>
        {shown}
      </code>
      {copy && <CopyButton text={text} label={`Copy ${noun}`} />}
    </span>
  );
}

/** An address, copied with one click unless `copy` is false. */
export const Address = ({ text, copy }: { text: string; copy?: boolean }) => (
  <Mono text={text} noun="address" copy={copy ?? true} />
);

/** An id, copied with one click unless `copy` is false. */
export const Id = ({ text, copy }: { text: string; copy?: boolean }) => (
  <Mono text={text} noun="id" copy={copy ?? true} />
);

/** A digest, shortened to what tells two apart; whole on hover and when copied. */
export function DigestText({ digest, copy = true }: { digest: string; copy?: boolean }) {
  return (
    <span className={styles['mono']}>
      <code translate="no" title={digest}>
        {shortDigest(digest)}
      </code>
      {copy && <CopyButton text={digest} label="Copy digest" />}
    </span>
  );
}
