import { printCommand } from '../spawn/command-line.ts';
import { CopyButton } from '../ui/text/copy-button.tsx';
import styles from './proc.module.css';

/** What was started, as one line that a shell reads back to the same arguments. */
export function CommandText({ program, args }: { program: string; args: readonly string[] }) {
  const line = printCommand(program, args);
  return (
    <div className={styles['command']} role="group" aria-label="Command" tabIndex={0}>
      <code translate="no">{line}</code>
      <CopyButton text={line} label="Copy command" />
    </div>
  );
}
