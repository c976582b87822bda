'use client';

import { routes } from '@hostmesh/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { DropdownMenu } from 'radix-ui';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { sessionQuery } from '../session/queries.ts';
import { buttonClass } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import styles from '../ui/overlay/menu.module.css';
import { Icon } from '../ui/icon.tsx';

/** Who is signed in, which version answers, and the way out. */
export function Account() {
  const session = useQuery(sessionQuery());
  const queries = useQueryClient();
  const router = useRouter();
  const signOut = useMutation({
    mutationFn: () => valueOf(client.call(routes.logout, {})),
    onSuccess() {
      router.replace(links.signIn());
      queries.clear();
    },
    onError: (error) => notify('failed', `Could not sign out. ${error.message}`),
  });
  const name = session.data?.name;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={buttonClass('quiet')}
        aria-label={name === undefined ? 'Account' : `Account: ${name}`}
        title={name}
      >
        <Icon name="account" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} align="end" sideOffset={6}>
          <DropdownMenu.Label className={styles['label']}>
            {name === undefined ? 'Not known yet' : `Signed in as ${name}`}
            {session.data !== undefined && <small>Hostmesh {session.data.version}</small>}
          </DropdownMenu.Label>
          <DropdownMenu.Item className={styles['item']} asChild>
            <a href="/api/v1/docs">API reference</a>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={styles['item']} onSelect={() => signOut.mutate()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
