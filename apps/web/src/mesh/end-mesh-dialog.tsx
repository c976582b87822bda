'use client';

import {
  inUseText,
  meshEndSentences,
  routes,
  type EndMeshReply,
  type Mesh,
  type MeshHost,
} from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { viewKey } from '../live/views.ts';
import { meshEndQuery } from '../queries/mesh-queries.ts';
import { procMeshesQuery } from '../queries/proc-mesh-queries.ts';
import { notify, type Notice } from '../ui/feedback/notices.tsx';
import { ConfirmDialog, useIsShown } from '../ui/overlay/confirm-dialog.tsx';
import { ReportDialog } from '../ui/overlay/modal-dialog.tsx';
import styles from '../ui/overlay/overlay.module.css';
import { endOutcomeMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { endingProcs, endingSentence, type EndWay } from './ending-procs.ts';

const PROC_MESHES_NAMED = 5;

const ways = {
  stop: {
    route: routes.stopMesh,
    verb: 'Stop',
    ends: 'This gives the hosts back. Procs of this mesh end. The host agents, their config and the procs of other meshes stay, and the same addresses can be attached again.',
    other: 'To end the host agents too, use Shut down.',
  },
  shutdown: {
    route: routes.shutdownMesh,
    verb: 'Shut down',
    ends: 'This ends everything on these hosts: all procs, whoever owns them, and then the host agents. The addresses cannot be attached again until their agents are started: those of npm start come back by themselves, others somebody has to start.',
    other: 'To give the hosts back and leave the agents running, use Stop.',
  },
} as const;

/** Asks, ends the mesh, and then shows how it went host by host. */
export function EndMeshDialog(props: {
  mesh: Mesh;
  hosts: readonly MeshHost[];
  way: EndWay;
  onClose: () => void;
}) {
  const { mesh, way, onClose } = props;
  const { route, verb, ends, other } = ways[way];
  const queries = useQueryClient();
  const isShown = useIsShown();
  const foreseen = useQuery(meshEndQuery(mesh.id));
  const others = way === 'shutdown' ? (foreseen.data?.others ?? null) : null;
  const end = useMutation({
    // Only what has been shown may end.
    mutationFn: () =>
      valueOf(
        client.call(route, { params: { id: mesh.id }, body: others === null ? {} : { endOthers: true } }),
      ),
    onSuccess(reply) {
      queries.setQueryData(viewKey('mesh', mesh.id), reply.mesh);
      const report = endNotice(`${verb} ${mesh.name}`, reply);
      if (!isShown()) notify(report.tone, report.text);
    },
    onError(error) {
      if (!isShown()) notify('failed', `${verb} ${mesh.name}: ${error.message}`);
    },
  });
  if (end.data !== undefined) return <EndReport reply={end.data} way={way} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`${verb} ${mesh.name}`}
      targets={props.hosts.map((host) => host.address)}
      noun="host"
      verb={`${verb} ${mesh.name}`}
      word={mesh.name}
      isPending={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <p>{ends}</p>
      <Ending mesh={mesh} way={way} />
      {others !== null && (
        <p role="alert">Other meshes of this console have these hosts: {inUseText(others)}.</p>
      )}
      <p className="quiet">{other}</p>
    </ConfirmDialog>
  );
}

/** The procs that we know to end with it, mesh by mesh. */
function Ending({ mesh, way }: { mesh: Mesh; way: EndWay }) {
  const procMeshes = useQuery(procMeshesQuery());
  if (procMeshes.data === undefined) return <p>Which procs end is not known: they could not be read yet.</p>;
  const ending = endingProcs(mesh, procMeshes.data);
  return (
    <div>
      <p>{endingSentence(ending, way)}</p>
      <ul>
        {ending.names.slice(0, PROC_MESHES_NAMED).map((name) => (
          <li key={name}>
            <strong>{name}</strong>
          </li>
        ))}
      </ul>
      {ending.names.length > PROC_MESHES_NAMED && (
        <p>and {countOf(ending.names.length - PROC_MESHES_NAMED, 'more proc mesh', 'more proc meshes')}</p>
      )}
    </div>
  );
}

function EndReport(props: { reply: EndMeshReply; way: EndWay; onClose: () => void }) {
  const { reply, way, onClose } = props;
  const { verb } = ways[way];
  const total = reply.outcomes.length;
  const notDone = reply.outcomes.filter(({ outcome }) => outcome !== 'done');
  const ended = meshEndSentences(reply, way, notDone.length === 0 ? 'did' : 'told');
  return (
    <ReportDialog
      title={`${verb}: ${formatCount(total - notDone.length)} of ${countOf(total, 'host')} done`}
      onClose={onClose}
    >
      <p>{ended.join(' ')}</p>
      {notDone.length === 0 ? (
        <p>Every host answered.</p>
      ) : (
        <>
          <p>These hosts did not. What runs there may still be running.</p>
          <div className={styles['targets']}>
            <ul>
              {notDone.map((host) => (
                <li key={host.rank}>
                  <StateMark mark={endOutcomeMarks[host.outcome]} /> <code>{host.address}</code>{' '}
                  {host.message}
                </li>
              ))}
            </ul>
          </div>
        </>
      )}
    </ReportDialog>
  );
}

/** As many hosts as a notice names. */
const NAMED = 5;

/** The report of a stop or shutdown for somebody who did not wait for it; hosts that did not answer are named. */
export function endNotice(
  what: string,
  { outcomes }: Pick<EndMeshReply, 'outcomes'>,
): Pick<Notice, 'tone' | 'text'> {
  const notDone = outcomes.filter(({ outcome }) => outcome !== 'done');
  const done = outcomes.length - notDone.length;
  const text = `${what}: ${formatCount(done)} of ${countOf(outcomes.length, 'host')} done`;
  if (notDone.length === 0) return { tone: 'good', text: `${text}.` };
  const named = notDone
    .slice(0, NAMED)
    .map(({ address, outcome }) => `${address} ${endOutcomeMarks[outcome].word}`);
  const more = notDone.length > NAMED ? ` and ${formatCount(notDone.length - NAMED)} more` : '';
  return { tone: 'failed', text: `${text}. Not done: ${named.join(', ')}${more}.` };
}
