import type { HostConfigEntry } from '@hostmesh/contract';
import styles from './host.module.css';

/** One key: every layer that sets it, the winner first, the shadowed ones struck out. */
export function ConfigEntry({ entry }: { entry: HostConfigEntry }) {
  return (
    <li className={styles['entry']}>
      <div className={styles['key']}>
        <code translate="no" title={entry.name}>
          {entry.key ?? entry.name}
        </code>
        {isPushShadowed(entry) && <span className={styles['shadowed']}>pushed value is shadowed</span>}
      </div>
      <ol className={styles['layers']}>
        {entry.layers.map(({ source, value }, index) => (
          <li key={source} data-wins={index === 0 || undefined}>
            <span>{layerNames[source]}</span>
            {index === 0 ? (
              <code>{shown(value)}</code>
            ) : (
              <s>
                <code>{shown(value)}</code>
              </s>
            )}
          </li>
        ))}
      </ol>
    </li>
  );
}

const shown = (value: string) => (value === '' ? '(empty)' : value);

/** Where a value comes from, in words for the one who set it; the highest layer first (reference 7.1). */
const layerNames: Record<HostConfigEntry['source'], string> = {
  TestOverride: 'Test override',
  Env: 'Environment',
  Runtime: 'Runtime',
  File: 'File',
  ClientOverride: 'Pushed',
  Default: 'Default',
};

/** Whether a client pushed a value that another layer of the host wins over. */
export const isPushShadowed = (entry: HostConfigEntry): boolean =>
  entry.layers.some(({ source }, index) => index > 0 && source === 'ClientOverride');
