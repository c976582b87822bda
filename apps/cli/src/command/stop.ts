import { isGone, routes, type StopProcMeshRequest } from '@hostmesh/contract';
import type { Command } from 'commander';
import { exitCodes, show, showFault, type Context, type ExitCode } from '../context.ts';
import { stopText } from '../output/procs.ts';
import { findMesh, findProcMesh, notFound } from './find.ts';
import type { Run } from './run.ts';

/** `hostmesh stop <proc-mesh>` */
export function addStop(program: Command, run: Run): void {
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
    return showFault(context, notFound(hint).fault);
  }
  const params = { id: found.value.id };
  const reply = await context.client.call(routes.stopProcMesh, { params, body });
  const code = show(context, reply, stopText);
  const isIncomplete = reply.ok && !reply.value.outcomes.every(isGone);
  return isIncomplete ? exitCodes.failed : code;
}
