import {
  isGone,
  procMeshStates,
  routes,
  type ProcMeshState,
  type ProcStatusName,
  type StopProcMeshRequest,
} from '@hostmesh/contract';
import { ok, parseDuration } from '@hostmesh/core';
import { Option, type Command } from 'commander';
import { refuseInput, show, showFault, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { findMesh, findProcMesh, noSuch, onProcMesh } from '../find.ts';
import { showList, withPaging, type PagingOptions } from '../list.ts';
import { procMeshesText, procMeshText, procsText, stopText } from '../output/proc-text.ts';
import { awaitProcs, type Awaiting } from '../watch/await-procs.ts';

interface PsOptions extends PagingOptions {
  readonly status?: ProcStatusName;
  readonly mesh?: string;
  readonly ranks?: string;
  readonly hosts?: string;
}

/** Procs of all proc meshes that people are shown unless they ask for more. */
const PROCS_SHOWN = 200;

/** `hostmesh ps [proc-mesh]` */
export function addPs(program: Command, run: RunCommand): void {
  withPaging(program.command('ps [proc-mesh]'))
    .description('procs as last heard: of one proc mesh, or of all of them, the newest first')
    .option('-s, --status <status>', 'as in Running, Failed or Unknown')
    .option('-m, --mesh <mesh>', 'on the hosts of this mesh only')
    .option('--ranks <ranks>', 'of the proc mesh, as in 0..4,7')
    .option('--hosts <ranks>', 'host ranks of the proc mesh, as in 0..2')
    .addHelpText('after', `\nOf all proc meshes, ${PROCS_SHOWN} are shown unless --limit or --all is given.`)
    .action((procMesh: string | undefined, options: PsOptions) =>
      run(async (context) => {
        const { status, mesh: given, ranks, hosts } = options;
        if (procMesh !== undefined) {
          return onProcMesh(context, procMesh, (found) => {
            if (!context.json) context.err(`${procMeshText(found)}\n`);
            return showList(context, {
              route: routes.listMeshProcs,
              input: { params: { id: found.id }, query: { status, ranks, hosts } },
              options,
              text: procsText,
              json: (procs) => procs,
            });
          });
        }
        const mesh = given === undefined ? undefined : await findMesh(context, given);
        if (mesh?.ok === false) return showFault(context, mesh.fault);
        return showList(context, {
          route: routes.listProcs,
          input: { query: { status, mesh: mesh?.value.id } },
          options,
          usual: PROCS_SHOWN,
          text: procsText,
        });
      }),
    );
}

interface ListOptions extends PagingOptions {
  readonly state?: ProcMeshState;
  readonly mesh?: string;
  readonly attention?: true;
}

/** Proc meshes that people are shown unless they ask for more. */
const PROC_MESHES_SHOWN = 50;

/** `hostmesh procs …` */
export function addProcMeshes(program: Command, run: RunCommand): void {
  const procs = program.command('procs').description('proc meshes: list, show, seen');

  withPaging(procs.command('list', { isDefault: true }), PROC_MESHES_SHOWN)
    .description('newest first: how each stands, or how it ended')
    .addOption(new Option('-s, --state <state>', 'only these').choices(procMeshStates))
    .option('-m, --mesh <mesh>', 'on the hosts of this mesh only')
    .option('--attention', 'only those that need attention, which nobody has marked as seen')
    .action(({ state, mesh: given, attention, ...options }: ListOptions) =>
      run(async (context) => {
        const mesh = given === undefined ? undefined : await findMesh(context, given);
        if (mesh?.ok === false) return showFault(context, mesh.fault);
        const query = { state, mesh: mesh?.value.id, ...(attention && { attention: 'true' }) };
        return showList(context, {
          route: routes.listProcMeshes,
          input: { query },
          options,
          usual: PROC_MESHES_SHOWN,
          text: procMeshesText,
        });
      }),
    );

  procs
    .command('show <proc-mesh>')
    .description('one proc mesh: how it stands or ended, who stopped it, why ranks failed')
    .action((given: string) =>
      run((context) => onProcMesh(context, given, async (found) => show(context, ok(found), procMeshText))),
    );

  procs
    .command('seen <proc-mesh>')
    .description('say that you have seen what it needs attention for; who and when is recorded')
    .action((given: string) =>
      run((context) =>
        onProcMesh(context, given, async ({ id }) =>
          show(context, await context.client.call(routes.seenProcMesh, { params: { id } }), procMeshText),
        ),
      ),
    );
}

interface WaitOptions {
  readonly until: Awaiting['until'];
  readonly timeout?: string;
}

/** `hostmesh wait <proc-mesh>` */
export function addWait(program: Command, run: RunCommand): void {
  program
    .command('wait <proc-mesh>')
    .description('wait for procs; the exit code follows them')
    .addOption(
      new Option('-u, --until <state>', 'until every rank is ready, or all procs have ended')
        .choices(['running', 'ended'])
        .default('ended'),
    )
    .option('-t, --timeout <duration>', 'give up after this long, with exit code 124')
    .addHelpText(
      'after',
      `
Exit codes of --until ended: 0 when all procs exited with 0; else the exit code of the first rank that failed,
128 and the number of the signal that ended it, or 1 when it failed without either. When none failed: 125 when nobody
knows how some proc ended, else that of the first proc that was stopped, 143 when it obeyed with 0. 124 when --timeout was reached, 130 after Ctrl-C: the procs go on.`,
    )
    .action((procMesh: string, { until, timeout }: WaitOptions) =>
      run(async (context) => {
        const parsed = timeout === undefined ? undefined : parseDuration(timeout);
        if (parsed?.ok === false) return refuseInput(context, `--timeout: ${parsed.fault.message}`);
        return onProcMesh(context, procMesh, (found) =>
          awaitProcs(context, found, { until, timeoutMs: parsed?.value }),
        );
      }),
    );
}

/** `hostmesh stop <proc-mesh>` */
export function addStop(program: Command, run: RunCommand): void {
  program
    .command('stop <proc-mesh>')
    .description('stop procs, all or some of a proc mesh; hosts are given back by `hostmesh meshes stop`')
    .option('--ranks <ranks>', 'only these ranks, as in 0..4,7')
    .option('--hosts <ranks>', 'only those on these hosts, as in 0..2')
    .option('--step <duration>', 'time for each step: asked, SIGTERM, then SIGKILL')
    .option('-t, --timeout <duration>', 'total deadline; long enough for every step by default')
    .action((procMesh: string, body: StopProcMeshRequest) => run((context) => stop(context, procMesh, body)));
}

async function stop(context: Context, given: string, body: StopProcMeshRequest): Promise<ExitCode> {
  const found = await findProcMesh(context, given);
  if (!found.ok) {
    const mesh = found.fault.code === 'not_found' ? await findMesh(context, given) : found;
    if (!mesh.ok) return showFault(context, found.fault);
    const hint = `There is no proc mesh "${given}". To give back the hosts of mesh ${given}: hostmesh meshes stop ${given}`;
    return showFault(context, noSuch(hint).fault);
  }
  const params = { id: found.value.id };
  const reply = await context.client.call(routes.stopProcMesh, { params, body });
  const code = show(context, reply, stopText);
  const isIncomplete = reply.ok && !reply.value.outcomes.every(isGone);
  return isIncomplete ? exitCodes.failed : code;
}
