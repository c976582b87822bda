import { callPages } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

/** At most so many procs of a host are read. */
export const HOST_PROCS_READ = 1000;

/** The procs of one host, the newest first. The event stream does not tell of them by host. */
export const hostProcsQuery = (hostId: string) =>
  queryOptions({
    queryKey: ['host-procs', hostId],
    queryFn: async ({ signal }) => {
      const input = { query: { hostId }, signal };
      return (await valueOf(callPages(client, routes.listProcs, input, HOST_PROCS_READ))).items;
    },
  });

/** What a proc was found to use. */
export interface MeasuredUsage {
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
}

/** What these procs use, by id; each is a question to the host. */
export const hostUsageQuery = (hostId: string, procIds: readonly string[]) =>
  queryOptions({
    queryKey: ['host-usage', hostId, procIds],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, MeasuredUsage>> => {
      const details = await Promise.all(
        procIds.map((id) => client.call(routes.getProc, { params: { id }, signal })),
      );
      return new Map<string, MeasuredUsage>(
        details.flatMap((reply) =>
          reply.ok && reply.value.usage !== null ? [[reply.value.id, reply.value.usage]] : [],
        ),
      );
    },
    enabled: procIds.length > 0,
    // A map is not compared part by part.
    structuralSharing: false,
    placeholderData: (before) => before,
  });

/** What the config of a host is made of. The host itself is asked. */
export const hostConfigQuery = (hostId: string) =>
  queryOptions({
    queryKey: ['host-config', hostId],
    queryFn: ({ signal }) => valueOf(client.call(routes.hostConfig, { params: { id: hostId }, signal })),
    staleTime: 10_000,
  });
