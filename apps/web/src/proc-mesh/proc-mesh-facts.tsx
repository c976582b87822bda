import { pathOf } from '@hostmesh/client';
import {
  routes,
  spawnDefaults,
  type ProcMeshView,
  type ReadinessRequest,
  type RestartRequest,
} from '@hostmesh/contract';
import { assertNever, countOf } from '@hostmesh/core';
import { links } from '../links.ts';
import { CommandText } from '../proc/proc-fact-list.tsx';
import { AppLink } from '../ui/app-link.tsx';
import { Facts, Section } from '../ui/page/page-header.tsx';
import { Raw, curl, curlWithBody } from '../ui/page/raw.tsx';
import { Id, Mono } from '../ui/text/mono.tsx';
import { Duration, Time } from '../ui/time/time.tsx';

const sizes = (extent: Readonly<Record<string, number>>): string =>
  Object.entries(extent)
    .map(([label, size]) => `${label}=${size}`)
    .join(', ');

/** What was started, where, how it is looked after, when and by whom. */
export function ProcMeshFacts({ procMesh }: { procMesh: ProcMeshView }) {
  const { command, createdAt, readyAt, endedAt, seen } = procMesh;
  return (
    <Section title="About these procs">
      <CommandText program={command.program} args={command.args} />
      <Facts
        facts={[
          [
            'On',
            <AppLink key="mesh" href={links.mesh(procMesh.meshId)}>
              {procMesh.mesh}
            </AppLink>,
          ],
          ['Extent', <code key="extent">{sizes(procMesh.extent)}</code>],
          ['Per host', <code key="perHost">{sizes(procMesh.perHost) || 'one proc'}</code>],
          ['Shown as', command.arg0],
          ['Directory', command.cwd === null ? null : <code key="cwd">{command.cwd}</code>],
          ['User', command.runAs],
          [
            'Environment',
            command.envNames.length === 0 ? null : <code key="env">{command.envNames.join(', ')}</code>,
          ],
          ['Ready when', describeReadiness(procMesh.readiness)],
          ['Restarts', describeRestart(procMesh.restart)],
          ['Kept', procMesh.keep ? 'they outlive their host agent' : 'no: they end with their host agent'],
          ['Spawned', <Time key="created" at={createdAt} />],
          [
            'Ready after',
            readyAt === null ? null : (
              <Duration key="ready" ms={Date.parse(readyAt) - Date.parse(createdAt)} />
            ),
          ],
          ['Seen', seen === null ? null : <Seen key="seen" by={seen.by} at={seen.at} />],
          ['Ended', endedAt === null ? null : <Time key="ended" at={endedAt} />],
          ['Timeout', procMesh.timeout],
          ['By', procMesh.requestedBy],
          [
            'Repairs',
            procMesh.repairs === 0 ? null : `${countOf(procMesh.repairs, 'state')} that no event had told of`,
          ],
          ['Controller', <Mono key="controller" text={procMesh.controller} noun="controller id" />],
          ['Id', <Id key="id" text={procMesh.id} />],
        ]}
      />
    </Section>
  );
}

const Seen = ({ by, at }: NonNullable<ProcMeshView['seen']>) => (
  <>
    by {by} <Time at={at} />
  </>
);

/** The proc mesh as a script sees it. */
export function RawProcMesh({ procMesh }: { procMesh: ProcMeshView }) {
  const { id } = procMesh;
  return (
    <Raw
      noun="proc mesh"
      value={procMesh}
      commands={() => [
        { label: 'Read this proc mesh', text: curl(pathOf(routes.getProcMesh, { id })) },
        {
          label: 'Every proc as a CSV file',
          text: curl(pathOf(routes.listMeshProcs, { id }), "-H 'Accept: text/csv'"),
        },
        { label: 'Stop all of it', text: curlWithBody(pathOf(routes.stopProcMesh, { id }), {}) },
      ]}
    />
  );
}

/** Readiness in words: `it accepts connections on port 8080 + its slot, within 30s`. */
function describeReadiness(readiness: ReadinessRequest): string {
  const within = readiness.timeout === undefined ? '' : `, within ${readiness.timeout}`;
  return whenReady(readiness) + within;
}

function whenReady(readiness: ReadinessRequest): string {
  switch (readiness.kind) {
    case 'alive':
      return `alive for ${readiness.for ?? spawnDefaults.aliveFor}`;
    case 'descriptor':
      return 'it writes a line to HOSTMESH_READY_FD';
    case 'tcp':
      return `it accepts connections on port ${portText(readiness)}`;
    case 'http':
      return `it answers ${readiness.path} on port ${portText(readiness)}`;
    case 'output':
      return `its output contains “${readiness.contains}”`;
    default:
      return assertNever(readiness);
  }
}

const portText = ({ port, perSlot }: { port: number; perSlot?: boolean | undefined }): string =>
  perSlot === true ? `${port} plus its slot` : String(port);

/** The restart policy in words. */
function describeRestart({ policy, limit, backoff, maxBackoff }: RestartRequest): string {
  if (policy === 'never') return 'never';
  const when = policy === 'always' ? 'after every end that nobody asked for' : 'after a failure';
  return `${when}, ${limit ?? spawnDefaults.restartLimit} times in a row, first after ${backoff ?? spawnDefaults.backoff}, at most ${maxBackoff ?? spawnDefaults.maxBackoff}`;
}
