import { callAllPages } from '@hostmesh/client';
import { routes, type ProcStatusName } from '@hostmesh/contract';
import type { Command } from 'commander';
import { show, showFault } from '../context.ts';
import { procMeshText, procsText } from '../output/procs.ts';
import { findMesh, onProcMesh } from './find.ts';
import type { Run } from './run.ts';

interface Options {
  readonly status?: ProcStatusName;
  readonly mesh?: string;
  readonly ranks?: string;
  readonly hosts?: string;
  readonly limit: string;
}

/** `hostmesh ps [proc-mesh]` */
export function addPs(program: Command, run: Run): void {
  program
    .command('ps [proc-mesh]')
    .description('procs as last heard: of one proc mesh, or of all of them, the newest first')
    .option('-s, --status <status>', 'as in Running, Failed or Unknown')
    .option('-m, --mesh <mesh>', 'on the hosts of this mesh only')
    .option('--ranks <ranks>', 'of the proc mesh, as in 0..4,7')
    .option('--hosts <ranks>', 'host ranks of the proc mesh, as in 0..2')
    .option('-n, --limit <count>', 'how many, when they are of all proc meshes', '200')
    .action((procMesh: string | undefined, options: Options) =>
      run(async (context) => {
        const { status, mesh: given, ranks, hosts, limit } = options;
        if (procMesh !== undefined) {
          return onProcMesh(context, procMesh, async (found) => {
            const query = { status, ranks, hosts };
            const params = { id: found.id };
            const procs = await callAllPages(context.client, routes.listMeshProcs, { params, query });
            return show(context, procs, (items) => `${procMeshText(found)}\n\n${procsText(items)}`);
          });
        }
        const mesh = given === undefined ? undefined : await findMesh(context, given);
        if (mesh?.ok === false) return showFault(context, mesh.fault);
        const query = { status, mesh: mesh?.value.id, limit };
        const page = await context.client.call(routes.listProcs, { query });
        return show(context, page, ({ items, total }) => {
          const rest = total !== undefined && total > items.length;
          return `${procsText(items)}${rest ? `\n${items.length} of ${total}` : ''}`;
        });
      }),
    );
}
