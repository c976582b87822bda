import { pathOf } from '@hostmesh/client';
import { routes, type Attempt, type HostResult } from '@hostmesh/contract';
import { Raw } from '../ui/page/raw.tsx';
import { curl, curlWithBody } from '../ui/text/curl.ts';

/** The attempt as a script sees it: how to read it, how to start the same, and its JSON. */
export function RawAttempt({
  attempt,
  hosts,
}: {
  attempt: Attempt;
  hosts: readonly HostResult[] | undefined;
}) {
  const { id } = attempt;
  return (
    <Raw
      noun="attempt"
      value={attempt}
      commands={() => [
        { label: 'Read this attempt', text: curl(pathOf(routes.getAttempt, { id })) },
        {
          label: 'Every host as a CSV file',
          text: curl(pathOf(routes.listAttemptHosts, { id }), "-H 'Accept: text/csv'"),
        },
        ...(hosts === undefined
          ? []
          : [{ label: 'Attach the same hosts', text: attachCommand(attempt, hosts) }]),
      ]}
    />
  );
}

const attachCommand = (attempt: Attempt, hosts: readonly HostResult[]): string =>
  curlWithBody(pathOf(routes.startAttach), {
    mesh: attempt.mesh,
    hosts: hosts.map(({ address }) => address),
    timeout: attempt.timeout,
  });
