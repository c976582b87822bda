'use client';

import { procMeshStanding } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { links } from '../links.ts';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { ModalDialog } from '../ui/overlay/modal-dialog.tsx';
import { attemptMarks, healthMarks, meshMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Time } from '../ui/time/time.tsx';
import { pages } from './pages.ts';
import { searchQuery, type SearchResults } from '../queries/search-queries.ts';
import styles from './search-dialog.module.css';

/** Search over pages, meshes, proc meshes, hosts and attempts; Enter goes there. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const { push } = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const wanted = useDeferredValue(text.trim());
  const found = useQuery(searchQuery(wanted));
  const field = useRef<HTMLInputElement>(null);
  // Once the dialog is open: it gives the focus to the whole list, which takes no text.
  useLayoutEffect(() => field.current?.focus(), []);
  function go(href: string) {
    onClose();
    push(href);
  }
  // Results of another text than the one in the field are none.
  const results = text.trim() === wanted ? found.data : undefined;
  const groups = groupsOf(wanted, results).filter(({ entries }) => entries.length > 0);
  const hrefs = groups.flatMap(({ entries }) => entries.map(({ href }) => href));
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
          ref={field}
          value={text}
          onValueChange={setText}
          placeholder="Page, mesh, procs, host address or attempt"
          className={styles['input']}
          maxLength={200}
        />
        <Command.List className={styles['list']}>
          {groups.length === 0 && (
            <Command.Empty className={styles['empty']}>
              {found.isError
                ? `The search did not work. ${found.error.message}`
                : results === undefined
                  ? 'Searching'
                  : `Nothing has “${wanted}” in its name, id or address.`}
            </Command.Empty>
          )}
          {groups.map(({ heading, entries }) => (
            <Command.Group key={heading} heading={heading} className={styles['group']}>
              {entries.map(({ href, content }) => (
                <Command.Item key={href} value={href} onSelect={() => go(href)} className={styles['item']}>
                  {content}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </ModalDialog>
  );
}

interface ResultGroup {
  readonly heading: string;
  readonly entries: readonly { readonly href: string; readonly content: ReactNode }[];
}

/** What was found, group by group: the pages of this dashboard at once, all else once the API has answered. */
function groupsOf(wanted: string, results: SearchResults | undefined): readonly ResultGroup[] {
  const { meshes = [], procMeshes = [], hosts = [], attempts = [] } = results ?? {};
  const matching = pages.filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()));
  return [
    { heading: 'Pages', entries: matching.map(({ href, label }) => ({ href, content: label })) },
    {
      heading: 'Meshes',
      entries: meshes.map((mesh) => ({
        href: links.mesh(mesh.id),
        content: (
          <>
            <span>{mesh.name}</span>
            <StateMark mark={meshMarks[mesh.state]} />
          </>
        ),
      })),
    },
    {
      heading: 'Procs',
      entries: procMeshes.map((procMesh) => ({
        href: links.procMesh(procMesh.id),
        content: (
          <>
            <span>
              {procMesh.name} <span className="quiet">on {procMesh.mesh}</span>
            </span>
            <StateMark mark={procMeshStanding(procMesh)} />
          </>
        ),
      })),
    },
    {
      heading: 'Hosts',
      entries: hosts.map(({ mesh, host }) => ({
        href: links.meshHost(mesh.id, host.rank),
        content: (
          <>
            <code>{host.address}</code>
            <span className="quiet">{mesh.name}</span>
            <StateMark mark={healthMarks[host.health]} />
          </>
        ),
      })),
    },
    {
      heading: 'Attempts',
      entries: attempts.map((attempt) => ({
        href: links.attempt(attempt.id),
        content: (
          <>
            <span>
              {attempt.mesh}{' '}
              <span className="quiet">
                <Time at={attempt.startedAt} />
              </span>
            </span>
            <StateMark mark={attemptMarks[attempt.state]} />
          </>
        ),
      })),
    },
  ];
}
