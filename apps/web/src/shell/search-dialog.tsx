'use client';

import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { links } from '../links.ts';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { ModalDialog } from '../ui/overlay/modal-dialog.tsx';
import { procMeshStanding } from '../standing/proc-mesh-standing.ts';
import { attemptMarks, healthMarks, meshMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Time } from '../ui/time/time.tsx';
import { pages } from './pages.ts';
import { searchQuery } from '../queries/search-queries.ts';
import styles from './search-dialog.module.css';

/** Search over pages, meshes, proc meshes, hosts and attempts; Enter goes there. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const { push } = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const wanted = useDeferredValue(text.trim());
  const found = useQuery(searchQuery(wanted));
  function go(href: string) {
    onClose();
    push(href);
  }
  const row = (href: string, children: ReactNode) => (
    <Command.Item key={href} value={href} onSelect={() => go(href)} className={styles['item']}>
      {children}
    </Command.Item>
  );
  const matching = pages.filter((page) => page.label.toLowerCase().includes(wanted.toLowerCase()));
  // Results of another text than the one in the field are none.
  const results = text.trim() === wanted ? found.data : undefined;
  const { meshes = [], procMeshes = [], hosts = [], attempts = [] } = results ?? {};
  const hrefs = [
    ...matching.map(({ href }) => href),
    ...meshes.map(({ id }) => links.mesh(id)),
    ...procMeshes.map(({ id }) => links.procMesh(id)),
    ...hosts.map(({ mesh, host }) => links.meshHost(mesh.id, host.rank)),
    ...attempts.map(({ id }) => links.attempt(id)),
  ];
  const isEmpty = hrefs.length === 0;
  return (
    <ModalDialog title="Search" hideTitle onClose={onClose} place="top">
      {/* The choice is kept here: the list loses its own when a chosen entry goes away together with later ones. */}
      <Command
        shouldFilter={false}
        loop
        label="Search"
        className={styles['command']}
        value={hrefs.includes(chosen) ? chosen : (hrefs[0] ?? '')}
        onValueChange={setChosen}
      >
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Page, mesh, procs, host address or attempt"
          className={styles['input']}
          maxLength={200}
        />
        <Command.List className={styles['list']}>
          {isEmpty && (
            <Command.Empty className={styles['empty']}>
              {found.isError
                ? `The search did not work. ${found.error.message}`
                : results === undefined
                  ? 'Searching'
                  : `Nothing has “${wanted}” in its name, id or address.`}
            </Command.Empty>
          )}
          <Group heading="Pages" count={matching.length}>
            {matching.map((page) => row(page.href, page.label))}
          </Group>
          <Group heading="Meshes" count={meshes.length}>
            {meshes.map((mesh) =>
              row(
                links.mesh(mesh.id),
                <>
                  <span>{mesh.name}</span>
                  <StateMark mark={meshMarks[mesh.state]} />
                </>,
              ),
            )}
          </Group>
          <Group heading="Procs" count={procMeshes.length}>
            {procMeshes.map((procMesh) =>
              row(
                links.procMesh(procMesh.id),
                <>
                  <span>
                    {procMesh.name} <span className="quiet">on {procMesh.mesh}</span>
                  </span>
                  <StateMark mark={procMeshStanding(procMesh)} />
                </>,
              ),
            )}
          </Group>
          <Group heading="Hosts" count={hosts.length}>
            {hosts.map(({ mesh, host }) =>
              row(
                links.meshHost(mesh.id, host.rank),
                <>
                  <code>{host.address}</code>
                  <span className="quiet">{mesh.name}</span>
                  <StateMark mark={healthMarks[host.health]} />
                </>,
              ),
            )}
          </Group>
          <Group heading="Attempts" count={attempts.length}>
            {attempts.map((attempt) =>
              row(
                links.attempt(attempt.id),
                <>
                  <span>
                    {attempt.mesh}{' '}
                    <span className="quiet">
                      <Time at={attempt.startedAt} />
                    </span>
                  </span>
                  <StateMark mark={attemptMarks[attempt.state]} />
                </>,
              ),
            )}
          </Group>
        </Command.List>
      </Command>
    </ModalDialog>
  );
}

function Group({ heading, count, children }: { heading: string; count: number; children: ReactNode }) {
  return (
    count > 0 && (
      <Command.Group heading={heading} className={styles['group']}>
        {children}
      </Command.Group>
    )
  );
}
