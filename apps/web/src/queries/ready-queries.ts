import { API_BASE, Problem, ReadyReply, type PartHealth } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';

/** How often the API is asked whether all that it needs is well. */
const ASK_EVERY_MS = 5000;
/** An API that has not said so by then does not answer. */
const ANSWER_WITHIN_MS = 8000;

/** What does not work, as far as this page can tell; `since` is in milliseconds since 1970. */
export interface Outage {
  readonly part: 'api' | PartHealth['part'];
  readonly since: number;
  readonly detail: string;
}

/** What the API says of its parts, or that it does not answer; asked again and again on every page. */
export const outagesQuery = () =>
  queryOptions({
    queryKey: ['ready'],
    queryFn: async ({ client, queryKey }): Promise<readonly Outage[]> =>
      (await readOutages(fetch)) ?? unanswered(client.getQueryData<readonly Outage[]>(queryKey), Date.now()),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
    staleTime: 0,
  });

/** The parts that are not well; null when no answer came. */
export async function readOutages(send: typeof fetch): Promise<readonly Outage[] | null> {
  try {
    const answer = await send(`${API_BASE}/ready`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body: unknown = await answer.json();
    const read = answer.ok ? ReadyReply.safeParse(body) : Problem.safeParse(body);
    if (!read.success) return null;
    return (read.data.parts ?? [])
      .filter(({ ok }) => !ok)
      .map(({ part, since, detail }) => ({ part, since: Date.parse(since), detail }));
  } catch {
    return null;
  }
}

/** That the API does not answer, since it first did not. */
export function unanswered(before: readonly Outage[] | undefined, now: number): readonly Outage[] {
  const known = before?.find(({ part }) => part === 'api');
  return [known ?? { part: 'api', since: now, detail: 'what it knows of the other parts is not known' }];
}
