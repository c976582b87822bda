import type { ProcDetail } from '@hostmesh/contract';
import { Fragment } from 'react';
import { links } from '../links.ts';
import { printCommand } from '../spawn/command-line.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Facts } from '../ui/page/page-header.tsx';
import { CopyButton } from '../ui/text/copy-button.tsx';
import { Address, DigestText, Id, Mono } from '../ui/text/mono.tsx';
import { Time } from '../ui/time/time.tsx';
import styles from './proc.module.css';

const endings: Readonly<Record<string, string>> = {
  asked: 'SIGTERM to its first process',
  SIGTERM: 'SIGTERM to its whole group',
  SIGKILL: 'SIGKILL to its whole group',
};

/** Where a proc is, what runs there, and how it ended. */
export function ProcFactList({ proc }: { proc: ProcDetail }) {
  return (
    <>
      <CommandText program={proc.command.program} args={proc.command.args} />
      <Facts
        facts={[
          [
            'Proc mesh',
            <AppLink key="mesh" href={links.procMesh(proc.procMeshId)}>
              {proc.name}
            </AppLink>,
          ],
          ['Rank', `${proc.rank} (${proc.point})`],
          [
            'Host',
            <Fragment key="host">
              <AppLink href={links.meshHost(proc.meshId, proc.hostRank)}>
                <code>{proc.hostAddress}</code>
              </AppLink>
              <CopyButton text={proc.hostAddress} label="Copy host address" />
            </Fragment>,
          ],
          [
            'Still running',
            proc.leftover === 0 ? null : `${proc.leftover} of its processes, although it has ended`,
          ],
          ['Exit code', proc.exitCode],
          ['Signal', proc.signal],
          ['Ended by', proc.endedBy === null ? null : (endings[proc.endedBy] ?? proc.endedBy)],
          ['Pid', proc.pid],
          ['Started', proc.startedAt === null ? null : <Time key="started" at={proc.startedAt} />],
          ['Last heard', proc.lastHeardAt === null ? 'never' : <Time key="heard" at={proc.lastHeardAt} />],
          ['Restarts', proc.restarts],
          ['Generation', proc.generation],
          ['Config', <ConfigOf key="config" proc={proc} />],
          ['Adopted', proc.adopted ? 'yes: its agent restarted and found it again' : null],
          ['User', proc.command.runAs],
          ['Directory', proc.command.cwd === null ? null : <code key="cwd">{proc.command.cwd}</code>],
          [
            'Environment',
            proc.command.envNames.length === 0 ? null : (
              <code key="env">{proc.command.envNames.join(', ')}</code>
            ),
          ],
          ['Id', <Id key="id" text={proc.id} />],
          ['Address', <Address key="address" text={proc.address} />],
          ['Host id', proc.hostId === null ? null : <Mono key="hostId" text={proc.hostId} noun="host id" />],
        ]}
      />
    </>
  );
}

/** Which config it was started with, and what to do when its mesh has another one by now. */
function ConfigOf({ proc }: { proc: ProcDetail }) {
  const { configDigest, meshConfigDigest } = proc;
  if (configDigest === null) return 'not known: nothing was started, or by an agent of before';
  const isPresent = meshConfigDigest === null || configDigest === meshConfigDigest;
  return (
    <>
      <DigestText digest={configDigest} />
      {!isPresent && (
        <>
          {', not the present one of its mesh, '}
          <DigestText digest={meshConfigDigest} copy={false} />
          {': it takes that when it is started again'}
        </>
      )}
    </>
  );
}

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
