'use client';

import { routes, type Attempt, type HostResult } from '@hostmesh/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { costOf, type Permissions } from '../cost/cost.ts';
import { CostQuestion } from '../cost/cost-question.tsx';
import { links } from '../links.ts';
import { Button } from '../ui/button/button.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { ModalDialog } from '../ui/overlay/modal-dialog.tsx';
import overlay from '../ui/overlay/overlay.module.css';
import styles from './attempt.module.css';
import {
  canLeaveOut,
  hostsText,
  retryTargets,
  retryVerb,
  type RetryKind,
  type RetryTargets,
} from './retry.ts';

const NAMES_SHOWN = 5;

/** Shows exactly whom a retry asks, and in which order, before it is started. */
export function RetryDialog(props: {
  attempt: Attempt;
  hosts: readonly HostResult[];
  /** What it begins with; those that failed, if any did, when absent. */
  only?: RetryKind | undefined;
  onClose: () => void;
}) {
  const { attempt, hosts } = props;
  const { push } = useNavigate();
  const failed = retryTargets(hosts, 'failed').first.length;
  const [only, setOnly] = useState<RetryKind>(props.only ?? (failed > 0 ? 'failed' : 'all'));
  const [wait, setWait] = useState('');
  const targets = retryTargets(hosts, only);
  const retry = useMutation<Attempt, ApiError, Permissions>({
    mutationFn: (permissions) =>
      valueOf(
        client.call(routes.retryAttempt, {
          params: { id: attempt.id },
          body: { only, ...(wait.trim() === '' ? {} : { waitForHosts: wait.trim() }), ...permissions },
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (started) => push(links.attempt(started.id)),
  });
  const cost = costOf(retry.error?.fault.problem);
  return (
    <ModalDialog title={`Retry ${attempt.mesh}`} onClose={props.onClose}>
      <form
        className={overlay['body']}
        onSubmit={(event) => {
          event.preventDefault();
          retry.mutate({});
        }}
      >
        <Choice
          only={only}
          failed={failed}
          total={hosts.length}
          canLeaveOut={canLeaveOut(attempt)}
          onChoose={(chosen) => {
            setOnly(chosen);
            retry.reset();
          }}
        />
        <Targets only={only} targets={targets} />
        <label className={overlay['field']}>
          <span>Keep dialling hosts that refuse for</span>
          <input
            value={wait}
            placeholder="0s"
            autoComplete="off"
            onChange={(event) => setWait(event.target.value)}
          />
        </label>
        {cost !== undefined && (
          <CostQuestion
            cost={cost}
            granted={retry.variables ?? {}}
            isPending={retry.isPending}
            onGrant={(permissions) => retry.mutate(permissions)}
          />
        )}
        {retry.error !== null && cost === undefined && (
          <p role="alert" className={overlay['fault']}>
            {retry.error.fault.problem?.errors?.[0]?.message ?? retry.error.message}
          </p>
        )}
        <div className={overlay['foot']}>
          <Button onClick={props.onClose}>Not now</Button>
          <Button type="submit" look="primary" whyDisabled={retry.isPending ? 'It is being started' : null}>
            {retryVerb(only, failed, hosts.length)}
          </Button>
        </div>
      </form>
    </ModalDialog>
  );
}

function Choice(props: {
  only: RetryKind;
  failed: number;
  total: number;
  canLeaveOut: boolean;
  onChoose: (only: RetryKind) => void;
}) {
  const { only, failed, total, onChoose } = props;
  return (
    <fieldset className={styles['choice']}>
      <legend className="unseen">Whom to ask</legend>
      <label>
        <input
          type="radio"
          name="only"
          checked={only === 'failed'}
          disabled={failed === 0}
          title={failed === 0 ? 'No host has failed' : undefined}
          onChange={() => onChoose('failed')}
        />
        <span>Failed hosts first: {hostsText(failed)}</span>
      </label>
      <label>
        <input type="radio" name="only" checked={only === 'all'} onChange={() => onChoose('all')} />
        <span>All at once: {hostsText(total)}</span>
      </label>
      {props.canLeaveOut && (
        <label>
          <input
            type="radio"
            name="only"
            checked={only === 'installed'}
            onChange={() => onChoose('installed')}
          />
          <span>Without the failed: {hostsText(total - failed)}</span>
        </label>
      )}
    </fieldset>
  );
}

function Targets({ only, targets }: { only: RetryKind; targets: RetryTargets }) {
  return (
    <>
      <TargetList title={only === 'failed' ? 'Asked first' : 'Asked'} hosts={targets.first} />
      {targets.then.length > 0 && (
        <>
          <p>
            Once {targets.first.length === 1 ? 'it has' : 'all of those have'} installed the config, the other{' '}
            {hostsText(targets.then.length)} get it too, as the failed attempt left nothing on them.
          </p>
          <TargetList title="Asked then" hosts={targets.then} />
        </>
      )}
      {targets.leftOut.length > 0 && (
        <>
          <p>The mesh is a smaller one: it is attached without these, and its ranks are counted anew.</p>
          <TargetList title="Left out" hosts={targets.leftOut} />
        </>
      )}
    </>
  );
}

function TargetList({ title, hosts }: { title: string; hosts: readonly HostResult[] }) {
  const list = (some: readonly HostResult[]) => (
    <ul>
      {some.map(({ rank, address }) => (
        <li key={rank}>
          <code>{address}</code>
        </li>
      ))}
    </ul>
  );
  return (
    <div className={overlay['targets']}>
      <strong>
        {title}: {hostsText(hosts.length)}
      </strong>
      {list(hosts.slice(0, NAMES_SHOWN))}
      {hosts.length > NAMES_SHOWN && (
        <details>
          <summary>and {hosts.length - NAMES_SHOWN} more</summary>
          {list(hosts.slice(NAMES_SHOWN))}
        </details>
      )}
    </div>
  );
}
