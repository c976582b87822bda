'use client';

import { countOf, parseHostList } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/query-client.ts';
import { links } from '../links.ts';
import { ButtonLink } from '../ui/button/button.tsx';

/** What a mesh of the local agents is called unless the reader calls it otherwise. */
const LOCAL_MESH = 'local';
const MAX_LOCAL = 1000;

/** Offers to attach the agents that were started with this service, by a form that names them; nothing where there are none. */
export function AttachLocal() {
  const hosts = useQuery(sessionQuery()).data?.localAgents ?? null;
  if (hosts === null) return null;
  const read = parseHostList(hosts, { maxHosts: MAX_LOCAL });
  if (!read.ok) return null;
  const count = read.value.hosts.length;
  return (
    <ButtonLink look="primary" href={links.attach({ mesh: LOCAL_MESH, hosts })}>
      Attach {count === 1 ? 'the agent' : `the ${countOf(count, 'agent')}`} of this machine
    </ButtonLink>
  );
}
