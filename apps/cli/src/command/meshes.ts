import {
  clockText,
  keysWithoutEffectText,
  lifecycleText,
  meshEndSentences,
  meshStandingWord,
  routes,
  stateWord,
  withoutEffectText,
  type EndMeshReply,
  type ForgetHostReply,
  type HostHealth,
  type Mesh,
  type MeshHost,
} from '@hostmesh/contract';
import { countOf, formatCount, ok } from '@hostmesh/core';
import type { Command } from 'commander';
import { show, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { table } from '../output/table.ts';
import { attemptWaitOf, awaitAttempt } from '../watch/await-attempt.ts';
import { onMesh, readRank } from '../find.ts';
import { showList, withPaging, type PagingOptions } from '../list.ts';

interface PushCommandOptions {
  readonly timeout?: string;
  readonly takeOver?: boolean;
  readonly wait: boolean;
  readonly waitCleanup: boolean;
}

/** Meshes that people are shown unless they ask for more. */
const MESHES_SHOWN = 50;

/** `hostmesh meshes …` */
export function addMeshes(program: Command, run: RunCommand): void {
  const meshes = program.command('meshes').description('meshes: list, show, push, stop, shutdown');

  withPaging(meshes.command('list', { isDefault: true }), MESHES_SHOWN)
    .description('newest first')
    .action((options: PagingOptions) =>
      run((context) =>
        showList(context, {
          route: routes.listMeshes,
          input: {},
          options,
          usual: MESHES_SHOWN,
          text: meshesText,
        }),
      ),
    );

  meshes
    .command('show <mesh>')
    .description('one mesh and the health of its hosts')
    .action((given: string) =>
      run((context) => onMesh(context, given, async (mesh) => show(context, ok(mesh), meshText))),
    );

  meshes
    .command('push <mesh>')
    .description('push the config again to every host')
    .option('-t, --timeout <duration>', 'total deadline, as in 10s')
    .option('--no-wait', 'return as soon as the attempt is recorded')
    .option('--no-wait-cleanup', 'return with the verdict, before it is known what is left on hosts')
    .option('--take-over', 'take hosts back that other meshes have taken over')
    .action((given: string, { timeout, takeOver, ...wait }: PushCommandOptions) =>
      run((context) =>
        onMesh(context, given, async ({ id }) => {
          const input = { params: { id }, body: { timeout, takeOver }, headers: { prefer: 'respond-async' } };
          return awaitAttempt(
            context,
            await context.client.call(routes.pushConfig, input),
            attemptWaitOf(wait),
          );
        }),
      ),
    );

  meshes
    .command('stop <mesh>')
    .description(
      'give the hosts back; agents and their config stay. Procs alone are stopped by `hostmesh stop`',
    )
    .option('--preview', 'only say what would end')
    .action((given: string, options: EndCommandOptions) =>
      run((context) => end(context, given, 'stop', options)),
    );

  meshes
    .command('shutdown <mesh>')
    .description('tell every host agent to leave service')
    .option('--preview', 'only say what would end')
    .option('--end-others', 'also what runs on its hosts for other meshes')
    .action((given: string, options: EndCommandOptions) =>
      run((context) => end(context, given, 'shutdown', options)),
    );
}

/** `hostmesh forget-host <mesh> <rank>` */
export function addForgetHost(program: Command, run: RunCommand): void {
  program
    .command('forget-host')
    .argument('<mesh>')
    .argument('<rank>', '', readRank)
    .description(
      'give up a host that is gone: its procs count as lost, and whoever answers there takes its rank',
    )
    .option('--dry-run', 'only say what that would mean')
    .action((given: string, rank: number, { dryRun = false }: { dryRun?: boolean }) =>
      run((context) =>
        onMesh(context, given, async ({ id }) => {
          const input = { params: { id, rank }, body: { dryRun } };
          return show(context, await context.client.call(routes.forgetHost, input), forgetText);
        }),
      ),
    );
}

function forgetText({ host, formerHostId, procs, procsTotal, dryRun }: ForgetHostReply): string {
  const what = dryRun ? 'would be given up' : 'is given up';
  const more = procsTotal - procs.length;
  return [
    `host ${formerHostId} at ${host.address} ${what}, and ${countOf(procsTotal, 'proc')} with it`,
    ...procs.map(
      ({ name, rank, pid }) => `  - ${name} rank ${rank}${pid === null ? '' : `, pid ${pid}`}: may still run`,
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}

interface HostsOptions extends PagingOptions {
  readonly health?: HostHealth;
  readonly withoutEffect?: true;
  readonly q?: string;
}

/** `hostmesh hosts <mesh>` */
export function addHosts(program: Command, run: RunCommand): void {
  withPaging(program.command('hosts <mesh>'))
    .description('each host of a mesh as last heard')
    .option('--health <health>', 'connecting, healthy, config_lost, unreachable, replaced or released')
    .option('--without-effect', 'only hosts on which some pushed key has no effect')
    .option('-q, --q <text>', 'part of an address or host id')
    .action((given: string, { withoutEffect, limit, all, ...filter }: HostsOptions) =>
      run((context) =>
        onMesh(context, given, ({ id }) =>
          showList(context, {
            route: routes.listMeshHosts,
            input: {
              params: { id },
              query: { ...filter, ...(withoutEffect && { withoutEffect: 'true' }) },
            },
            options: { limit, all },
            text: hostsText,
            json: (hosts) => hosts,
          }),
        ),
      ),
    );
}

interface EndCommandOptions {
  readonly preview?: true;
  readonly endOthers?: true;
}

const end = (
  context: Context,
  given: string,
  how: 'stop' | 'shutdown',
  { preview, endOthers }: EndCommandOptions,
): Promise<ExitCode> =>
  onMesh(context, given, async ({ id }) => {
    const params = { id };
    if (preview === true) {
      const foreseen = await context.client.call(routes.previewMeshEnd, { params });
      return show(context, foreseen, (ends) => meshEndSentences(ends, how).join('\n'));
    }
    const body = endOthers === true ? { endOthers } : {};
    const reply = await context.client.call(routes[`${how}Mesh`], { params, body });
    const code = show(context, reply, (ended) => endText(ended, how));
    const incomplete = reply.ok && reply.value.outcomes.some(({ outcome }) => outcome !== 'done');
    return incomplete ? exitCodes.failed : code;
  });

function endText(reply: EndMeshReply, how: 'stop' | 'shutdown'): string {
  const { mesh, outcomes } = reply;
  const rest = outcomes.filter(({ outcome }) => outcome !== 'done');
  return [
    `${mesh.id}  ${mesh.name}  ${stateWord(mesh.state)}: ${formatCount(outcomes.length - rest.length)} of ${countOf(outcomes.length, 'host')}`,
    ...meshEndSentences(reply, how, rest.length === 0 ? 'did' : 'told'),
    ...rest.map(({ address, outcome, message }) => `  - ${address}: ${stateWord(outcome)}: ${message}`),
  ].join('\n');
}

const meshText = (mesh: Mesh): string =>
  `${mesh.id}  ${mesh.name}  ${meshStandingWord(mesh)}\n${mesh.summary}\n${mesh.ref}`;

const meshesText = (meshes: readonly Mesh[]): string =>
  meshes.length === 0
    ? 'No meshes yet. Attach to hosts with `hostmesh attach`.'
    : table(meshes, [
        { title: 'id', of: ({ id }) => id },
        { title: 'name', of: ({ name }) => name },
        { title: 'state', of: meshStandingWord },
        { title: 'healthy', of: ({ hosts }) => `${hosts.healthy} of ${hosts.total}` },
        { title: 'without effect', of: ({ hosts }) => withoutEffectText(hosts) },
        { title: 'attached', of: ({ attachedAt }) => attachedAt },
      ]);

const whyText = (reason: string | null, offsetMs: number | null): string => {
  const clock = clockText(offsetMs);
  return [reason, clock && `its clock is ${clock}`].filter((part) => part !== null).join('; ');
};

const hostsText = (hosts: readonly MeshHost[]): string =>
  table(hosts, [
    { title: 'rank', of: ({ rank }) => String(rank) },
    { title: 'address', of: ({ address }) => address },
    { title: 'host', of: ({ hostId }) => hostId ?? '-' },
    { title: 'health', of: ({ health }) => stateWord(health) },
    { title: 'last heard', of: ({ lastHeardAt }) => lastHeardAt ?? 'never' },
    { title: 'agent', of: ({ lifecycle }) => lifecycleText(lifecycle) ?? '-' },
    { title: 'why', of: ({ reason, clockOffsetMs }) => whyText(reason, clockOffsetMs) },
    { title: 'without effect', of: ({ withoutEffect }) => keysWithoutEffectText(withoutEffect) },
  ]);
