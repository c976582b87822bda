import { pathOf } from '@hostmesh/client';
import { endsText, inUseText, routes, type Attempt, type Ends, type HostResult } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Facts, Section } from '../ui/page/page-header.tsx';
import { Raw, curl, curlWithBody } from '../ui/page/raw.tsx';
import { DigestText, Id } from '../ui/text/mono.tsx';
import { Duration, Elapsed, Time } from '../ui/time/time.tsx';

/** When, by whom, with what, and which attempts came before and after. */
export function AttemptFacts({ attempt }: { attempt: Attempt }) {
  return (
    <Section title="About this attempt">
      <Facts
        facts={[
          ['Id', <Id key="id" text={attempt.id} />],
          ['Started', <Time key="started" at={attempt.startedAt} />],
          [
            'Took',
            attempt.durationMs === null ? (
              <Elapsed key="took" since={attempt.startedAt} />
            ) : (
              <Duration key="took" ms={attempt.durationMs} />
            ),
          ],
          [
            'Clean-up',
            attempt.counts.restoring === 0 || attempt.decidedAt === null ? null : (
              <Elapsed key="cleanup" since={attempt.decidedAt} />
            ),
          ],
          ['By', attempt.requestedBy],
          ['Timeout', attempt.timeout],
          ['Waits for hosts', attempt.waitForHosts === '0s' ? null : attempt.waitForHosts],
          ['Config', <DigestText key="digest" digest={attempt.configDigest} />],
          [
            'Mesh',
            attempt.meshId === null ? null : (
              <AppLink key="mesh" href={links.mesh(attempt.meshId)}>
                {attempt.mesh}
              </AppLink>
            ),
          ],
          ['Retry of', attempt.parentId === null ? null : <AttemptLink key="parent" id={attempt.parentId} />],
          [
            'Left out',
            attempt.leftOut === null ? null : (
              <span key="left">
                {countOf(attempt.leftOut.total, 'host')}:{' '}
                {attempt.leftOut.hosts.map(({ address }) => address).join(', ')}
                {attempt.leftOut.total > attempt.leftOut.hosts.length && ' …'}
              </span>
            ),
          ],
          ['Took the place of', attempt.ended && <EndedMesh key="ended" ended={attempt.ended} />],
          ['Took hosts over', attempt.tookOver && inUseText(attempt.tookOver)],
          [
            'Retried by',
            attempt.retryIds.length === 0
              ? null
              : attempt.retryIds.map((id) => <AttemptLink key={id} id={id} />),
          ],
        ]}
      />
    </Section>
  );
}

const EndedMesh = ({ ended }: { ended: Ends }) => (
  <span>
    <AppLink href={links.mesh(ended.meshId)}>{ended.meshId}</AppLink>: {endsText(ended, 'told')}
  </span>
);

const AttemptLink = ({ id }: { id: string }) => (
  <AppLink href={links.attempt(id)}>
    <code>{id}</code>{' '}
  </AppLink>
);

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
