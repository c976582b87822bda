'use client';

import { useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { links } from '../../../../links.ts';
import { configKeysQuery, configSnapshotQuery } from '../../../../queries/config-queries.ts';
import { Facts } from '../../../../ui/page/page-header.tsx';
import { SidePanel } from '../../../../ui/page/side-panel.tsx';
import { Mono } from '../../../../ui/text/mono.tsx';

/** One declared key: what it means, how it is written, what would be sent now. */
export default function KeyPanel(props: { params: Promise<{ key: string }> }) {
  const name = decodeURIComponent(use(props.params).key);
  const keys = useQuery(configKeysQuery());
  const snapshot = useQuery(configSnapshotQuery());
  const info = keys.data?.find((info) => info.key === name);
  if (keys.data === undefined) return null;
  if (info === undefined) {
    return (
      <SidePanel title={<code>{name}</code>} closeHref={links.config()}>
        <p>No key of this name is declared.</p>
      </SidePanel>
    );
  }
  const now = snapshot.data?.values.find((value) => value.key === name);
  return (
    <SidePanel title={<Mono text={info.key} noun="key" />} closeHref={links.config()}>
      <p>{info.description}</p>
      <Facts
        facts={[
          [
            'Value now',
            now === undefined ? 'not part of the snapshot' : <code key="now">{textOf(now.value)}</code>,
          ],
          ['From', now?.source ?? null],
          [
            'Default',
            info.defaultValue === null ? 'none' : <code key="default">{textOf(info.defaultValue)}</code>,
          ],
          ['Type', info.type],
          ['Environment', info.envVar && <Mono key="env" text={info.envVar} noun="environment variable" />],
          ['Name', <Mono key="name" text={info.name} noun="name" />],
          ['Sent', info.propagates ? 'yes, with every push' : 'no, it stays where it is set'],
          ['Secret', info.secret ? 'yes, its value is never shown' : 'no'],
        ]}
      />
    </SidePanel>
  );
}

const textOf = (value: string) => (value === '' ? '(empty)' : value);
