'use client';

import { clockText, keysWithoutEffectText, lifecycleText, type MeshHost } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { ForgetHost } from '../../../../../../../host/forget-host.tsx';
import { HostConfig } from '../../../../../../../host/host-config.tsx';
import { HostHistory } from '../../../../../../../host/host-history.tsx';
import { HostProcList } from '../../../../../../../host/host-proc-list.tsx';
import styles from '../../../../../../../host/host.module.css';
import { links } from '../../../../../../../links.ts';
import { LastHeard } from '../../../../../../../mesh/mesh-host-columns.tsx';
import { meshHostsQuery, meshQuery } from '../../../../../../../queries/mesh-queries.ts';
import { Facts, type Fact } from '../../../../../../../ui/page/page-header.tsx';
import { SidePanel } from '../../../../../../../ui/page/side-panel.tsx';
import { healthMarks } from '../../../../../../../ui/state/mark.ts';
import { StateMark } from '../../../../../../../ui/state/state-mark.tsx';
import { Address, DigestText, Id, Mono } from '../../../../../../../ui/text/mono.tsx';
import { formatBytes, parseRank } from '../../../../../../../ui/text/plain-text.ts';
import { Time } from '../../../../../../../ui/time/time.tsx';

/**
 * One host of a mesh beside the list: how it is and why, its facts, its procs, its config layer by layer. Its rank is as
 * the URL has it, which may be anything.
 */
export default function HostPanel(props: { params: Promise<{ id: string; rank: string }> }) {
  const params = use(props.params);
  const [meshId, text] = [decodeURIComponent(params.id), decodeURIComponent(params.rank)];
  const hosts = useQuery(meshHostsQuery(meshId));
  const mesh = useQuery(meshQuery(meshId));
  const closeHref = links.mesh(meshId);
  if (hosts.data === undefined) return null;
  const rank = parseRank(text);
  const host = hosts.data.find((host) => host.rank === rank);
  if (host === undefined) {
    return (
      <SidePanel title={`Host ${text}`} closeHref={closeHref}>
        <p>This mesh has no host with rank {text}.</p>
      </SidePanel>
    );
  }
  return (
    <SidePanel title={<Address text={host.address} />} closeHref={closeHref}>
      <div className={styles['state']}>
        <StateMark mark={healthMarks[host.health]} large />
        <span className="quiet">
          since <Time at={host.since} />
        </span>
      </div>
      {host.reason !== null && <p className={styles['reason']}>{host.reason}</p>}
      {mesh.data?.state === 'attached' && <ForgetHost meshId={meshId} host={host} />}
      <Facts facts={factsOf(host, mesh.data?.configDigest)} />
      {host.hostId !== null && (
        <>
          <h3 className={styles['title']}>Procs</h3>
          <HostProcList key={host.hostId} hostId={host.hostId} />
        </>
      )}
      <h3 className={styles['title']}>History</h3>
      <HostHistory meshId={meshId} host={host} />
      <h3 className={styles['title']}>Config</h3>
      {host.hostId === null ? (
        <p className="quiet">This host has not been heard yet, so its config is not known.</p>
      ) : (
        <HostConfig key={host.hostId} hostId={host.hostId} />
      )}
    </SidePanel>
  );
}

function factsOf(host: MeshHost, meshDigest: string | undefined): readonly Fact[] {
  const digest = host.configDigest;
  return [
    ['Rank', `${host.rank} (${host.point})`],
    ['Last heard', <LastHeard key="heard" host={host} />],
    ['Host id', host.hostId === null ? 'not known yet' : <Id key="id" text={host.hostId} />],
    ['Answers instead', host.foundHostId && <Id key="found" text={host.foundHostId} />],
    ['Clock', clockText(host.clockOffsetMs)],
    [
      'Incarnation',
      host.incarnation && <Mono key="incarnation" text={host.incarnation} noun="incarnation" />,
    ],
    [
      'Installed',
      digest === null ? (
        'no client config'
      ) : (
        <span key="digest">
          <DigestText digest={digest} />{' '}
          {meshDigest !== undefined && digest !== meshDigest && 'not this mesh’s'}
        </span>
      ),
    ],
    ['Without effect', host.withoutEffect.length === 0 ? null : keysWithoutEffectText(host.withoutEffect)],
    ['Agent', host.agentVersion],
    ['Its agent', lifecycleText(host.lifecycle)],
    ['Host name', host.hostname],
    ['Platform', host.platform],
    ['CPUs', host.cpus],
    ['Memory', host.memoryBytes === null ? null : formatBytes(host.memoryBytes)],
    ['Processes told by', host.containment],
    ['Procs run as', host.runsAs],
  ];
}
