'use client';

import { pathOf } from '@hostmesh/client';
import { routes, type Attempt, type HostResult } from '@hostmesh/contract';
import { CopyButton } from '../ui/text/copy-button.tsx';
import styles from './attempt.module.css';

/** The attempt as a script sees it: how to read it, how to start the same, and its JSON. */
export function RawAttempt({
  attempt,
  hosts,
}: {
  attempt: Attempt;
  hosts: readonly HostResult[] | undefined;
}) {
  const commands = [
    { label: 'Read this attempt', text: curl(pathOf(routes.getAttempt, { id: attempt.id })) },
    {
      label: 'Every host as a CSV file',
      text: curl(pathOf(routes.listAttemptHosts, { id: attempt.id }), "-H 'Accept: text/csv'"),
    },
    ...(hosts === undefined ? [] : [{ label: 'Attach the same hosts', text: attachCommand(attempt, hosts) }]),
  ];
  return (
    <details className={styles['raw']}>
      <summary>For scripts: curl and JSON</summary>
      <dl>
        {commands.map(({ label, text }) => (
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
      <pre tabIndex={0} aria-label="The attempt as JSON">
        {JSON.stringify(attempt, null, 2)}
      </pre>
    </details>
  );
}

/** The origin is the reader's own: what works in the browser works in a terminal there. */
function curl(path: string, options = ''): string {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  return `curl -sS ${quote(origin + path)} -H "Authorization: Bearer $TOKEN"${options === '' ? '' : ` ${options}`}`;
}

function attachCommand(attempt: Attempt, hosts: readonly HostResult[]): string {
  const body = { mesh: attempt.mesh, hosts: hosts.map(({ address }) => address), timeout: attempt.timeout };
  return curl(
    pathOf(routes.startAttach),
    `-H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`,
  );
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
