import { callAllPages } from '@hostmesh/client';
import { routes, type HostHealth, type MeshHost } from '@hostmesh/contract';
import type { Command } from 'commander';
import { show } from '../context.ts';
import { table } from '../output/table.ts';
import { onMesh } from './find.ts';
import type { Run } from './run.ts';

/** `hostmesh hosts <mesh>` */
export function addHosts(program: Command, run: Run): void {
  program
    .command('hosts <mesh>')
    .description('each host of a mesh as last heard')
    .option('--health <health>', 'connecting, healthy, config_lost, unreachable or released')
    .option('-q, --q <text>', 'part of an address or host id')
    .action((given: string, query: { health?: HostHealth; q?: string }) =>
      run((context) =>
        onMesh(context, given, async ({ id }) => {
          const hosts = await callAllPages(context.client, routes.listMeshHosts, { params: { id }, query });
          return show(context, hosts, hostsText);
        }),
      ),
    );
}

const hostsText = (hosts: readonly MeshHost[]): string =>
  table(hosts, [
    { title: 'rank', of: ({ rank }) => String(rank) },
    { title: 'address', of: ({ address }) => address },
    { title: 'host', of: ({ hostId }) => hostId ?? '-' },
    { title: 'health', of: ({ health }) => health },
    { title: 'last heard', of: ({ lastHeardAt }) => lastHeardAt ?? 'never' },
    { title: 'why', of: ({ reason }) => reason ?? '' },
  ]);
