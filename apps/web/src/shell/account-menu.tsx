'use client';

import { routes } from '@hostmesh/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { sessionQuery } from '../api/query-client.ts';
import { links } from '../links.ts';
import { dropAllDrafts } from '../spawn/draft.ts';
import { notify } from '../ui/feedback/notices.tsx';
import { Icon } from '../ui/icon.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import styles from '../ui/overlay/popup.module.css';
import { Popup } from '../ui/overlay/popup.tsx';

/** Who is signed in, which version answers, and the way out. */
export function AccountMenu() {
  const session = useQuery(sessionQuery());
  const queries = useQueryClient();
  const navigate = useNavigate();
  async function signOut() {
    const reply = await client.call(routes.logout, {});
    if (!reply.ok) return notify('failed', `Could not sign out. ${reply.fault.message}`);
    navigate.replace(links.signIn());
    queries.clear();
    dropAllDrafts();
  }
  const name = session.data?.name;
  return (
    <Popup
      button={<Icon name="account" />}
      label={name === undefined ? 'Account' : `Account: ${name}`}
      title="Account"
    >
      <div className={styles['head']}>
        {name === undefined ? 'Not known yet' : `Signed in as ${name}`}
        {session.data !== undefined && <small>Hostmesh {session.data.version}</small>}
      </div>
      <a className={styles['item']} href={links.apiReference()}>
        API reference
      </a>
      <button type="button" className={styles['item']} onClick={() => void signOut()}>
        Sign out
      </button>
    </Popup>
  );
}
