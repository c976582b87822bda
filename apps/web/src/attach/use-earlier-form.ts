import { useQuery } from '@tanstack/react-query';
import { attemptHostsQuery, attemptQuery } from '../queries/attempt-queries.ts';
import { emptyAttachForm, type AttachForm } from './form.ts';

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
