import { parseDuration } from '@hostmesh/core';
import { Option, type Command } from 'commander';
import { refuse } from '../context.ts';
import { awaitProcs, type Awaiting } from './await-procs.ts';
import { onProcMesh } from './find.ts';
import type { Run } from './run.ts';

interface Options {
  readonly until: Awaiting['until'];
  readonly timeout?: string;
}

/** `hostmesh wait <proc-mesh>` */
export function addWait(program: Command, run: Run): void {
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
128 and the number of the signal that ended it, or 1 when it failed without either. Procs that were stopped as asked
count so too when none failed: 143 is SIGTERM. 125 when nobody knows how procs ended. 124 when --timeout was reached, 130 after Ctrl-C: the procs go on.`,
    )
    .action((procMesh: string, { until, timeout }: Options) =>
      run(async (context) => {
        const parsed = timeout === undefined ? undefined : parseDuration(timeout);
        if (parsed?.ok === false) return refuse(context, `--timeout: ${parsed.fault.message}`);
        return onProcMesh(context, procMesh, (found) =>
          awaitProcs(context, found, { until, timeoutMs: parsed?.value }),
        );
      }),
    );
}
