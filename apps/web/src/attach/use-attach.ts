'use client';

import { routes, type Attempt, type PreflightReply } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { sessionQuery } from '../api/query-client.ts';
import type { Permissions } from '../cost/cost.ts';
import { links } from '../links.ts';
import { attemptHostsQuery, attemptQuery } from '../queries/attempt-queries.ts';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import {
  attachFieldErrors,
  attachRequestOf,
  emptyAttachForm,
  readHosts,
  type AttachForm,
} from './attach-form.ts';

/** The API's own limit, until it has said what it is. */
const MAX_HOSTS = 20_000;

/** The form of an earlier attempt, to be changed and tried again; `undefined` without one that can be read. */
export function useEarlierForm(from: string | undefined): AttachForm | 'loading' | undefined {
  const attempt = useQuery({ ...attemptQuery(from ?? ''), enabled: from !== undefined });
  const hosts = useQuery({ ...attemptHostsQuery(from ?? ''), enabled: from !== undefined });
  if (from === undefined || attempt.isError || hosts.isError) return undefined;
  if (attempt.data === undefined || hosts.data === undefined) return 'loading';
  const { mesh, timeout, waitForHosts } = attempt.data;
  return {
    ...emptyAttachForm,
    mesh,
    timeout,
    waitForHosts,
    hosts: hosts.data.map(({ address }) => address).join('\n'),
  };
}

/** The form of an attach while it is filled in: how its hosts read, what is wrong, and what can be done with it. */
export function useAttach(initial: AttachForm) {
  const { push } = useNavigate();
  const [form, setForm] = useState(initial);
  const session = useQuery(sessionQuery());
  const maxHosts = session.data?.maxHosts ?? MAX_HOSTS;
  const typed = useDeferredValue(form.hosts);
  const reading = useMemo(() => readHosts(typed, maxHosts), [typed, maxHosts]);
  const attach = useMutation<Attempt, ApiError, Permissions>({
    mutationFn: (permissions) =>
      valueOf(
        client.call(routes.startAttach, {
          body: { ...attachRequestOf(form), ...permissions },
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (attempt) => push(links.attempt(attempt.id)),
  });
  const preflight = useMutation<PreflightReply, ApiError>({
    mutationFn: () => valueOf(client.call(routes.preflight, { body: attachRequestOf(form) })),
  });
  const found = attachFieldErrors(form);
  const count = reading.kind === 'right' ? reading.hosts.length : 0;
  const isReady = count > 0 && form.mesh !== '' && Object.keys(found).length === 0;
  return {
    form,
    reading,
    attach,
    preflight,
    /** How many hosts there are, in words. */
    hostsText: countOf(count, 'host'),
    isReady,
    errors: { ...serverErrors(attach.error), ...serverErrors(preflight.error), ...found },
    refusedHosts: hostErrors(attach.error ?? preflight.error),
    change: (part: Partial<AttachForm>) => {
      setForm((before) => ({ ...before, ...part }));
      // What the API said of other input no longer holds.
      attach.reset();
      preflight.reset();
    },
    submit: () => {
      if (isReady && !attach.isPending) attach.mutate({});
    },
  };
}

/** The form of an attach with all that is known of it. */
export type AttachDraft = ReturnType<typeof useAttach>;

const errorsOf = (error: ApiError | null) => error?.fault.problem?.errors ?? [];

const serverErrors = (error: ApiError | null): Record<string, string> =>
  Object.fromEntries(errorsOf(error).map(({ field, message }) => [field, message]));

function hostErrors(error: ApiError | null): string[] {
  const more = error?.fault.problem?.moreErrors ?? 0;
  const told = errorsOf(error).flatMap(({ field, line, message }) =>
    field.startsWith('hosts') ? [line === undefined ? message : `Line ${line}: ${message}`] : [],
  );
  return more === 0 ? told : [...told, `And ${more} more`];
}
