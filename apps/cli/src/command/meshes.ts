import { routes, type EndMeshReply, type Mesh } from '@hostmesh/contract';
import type { Command } from 'commander';
import { exitCodes, show, type Context, type ExitCode } from '../context.ts';
import { plain, table } from '../output/table.ts';
import { awaitAttempt } from './await-attempt.ts';
import type { Run } from './run.ts';

/** `hostmesh meshes …` */
export function addMeshes(program: Command, run: Run): void {
  const meshes = program.command('meshes').description('meshes: list, show, push, stop, shutdown');

  meshes
    .command('list', { isDefault: true })
    .description('newest first')
    .action(() =>
      run(async (context) =>
        show(context, await context.client.call(routes.listMeshes, {}), (page) => meshesText(page.items)),
      ),
    );

  meshes
    .command('show <id>')
    .description('one mesh and the health of its hosts')
    .action((id: string) =>
      run(async (context) =>
        show(context, await context.client.call(routes.getMesh, { params: { id } }), meshText),
      ),
    );

  meshes
    .command('push <id>')
    .description('push the config again to every host')
    .option('-t, --timeout <duration>', 'total deadline, as in 10s')
    .action((id: string, body: { timeout?: string }) =>
      run(async (context) => {
        const headers = { prefer: 'respond-async' };
        return awaitAttempt(
          context,
          await context.client.call(routes.pushConfig, { params: { id }, body, headers }),
          true,
        );
      }),
    );

  meshes
    .command('stop <id>')
    .description('give the hosts back; agents and their config stay')
    .action((id: string) => run((context) => end(context, id, 'stopMesh')));

  meshes
    .command('shutdown <id>')
    .description('tell every host agent to leave service')
    .action((id: string) => run((context) => end(context, id, 'shutdownMesh')));
}

async function end(context: Context, id: string, how: 'stopMesh' | 'shutdownMesh'): Promise<ExitCode> {
  const reply = await context.client.call(routes[how], { params: { id }, body: {} });
  const code = show(context, reply, endText);
  const incomplete = reply.ok && reply.value.outcomes.some(({ outcome }) => outcome !== 'done');
  return incomplete ? exitCodes.failed : code;
}

function endText({ mesh, outcomes }: EndMeshReply): string {
  const rest = outcomes.filter(({ outcome }) => outcome !== 'done');
  return [
    `${mesh.id}  ${mesh.name}  ${mesh.state}: ${outcomes.length - rest.length} of ${outcomes.length} hosts`,
    ...rest.map(({ address, outcome, message }) => `  - ${address}: ${outcome}: ${plain(message)}`),
  ].join('\n');
}

const meshText = (mesh: Mesh): string =>
  `${mesh.id}  ${mesh.name}  ${mesh.state}\n${mesh.summary}\n${mesh.ref}`;

const meshesText = (meshes: readonly Mesh[]): string =>
  meshes.length === 0
    ? 'No meshes yet. Attach to hosts with `hostmesh attach`.'
    : table(meshes, [
        { title: 'id', of: ({ id }) => id },
        { title: 'name', of: ({ name }) => name },
        { title: 'state', of: ({ state }) => state },
        { title: 'healthy', of: ({ hosts }) => `${hosts.healthy} of ${hosts.total}` },
        { title: 'attached', of: ({ attachedAt }) => attachedAt },
      ]);
