import { readFile } from 'node:fs/promises';
import { routes, type AttachRequest } from '@hostmesh/contract';
import type { Command } from 'commander';
import { refuseInput, show, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { preflightText } from '../output/attempt-text.ts';
import { attemptWaitOf, awaitAttempt } from '../watch/await-attempt.ts';
import { collect, parsePairs } from './spawn-options.ts';

interface Options {
  readonly file?: string;
  readonly config: readonly string[];
  readonly timeout?: string;
  readonly waitForHosts?: string;
  readonly wait: boolean;
  readonly waitCleanup: boolean;
  readonly preflight: boolean;
  readonly replace: boolean;
  readonly takeOver: boolean;
  readonly idempotencyKey?: string;
}

/** `hostmesh attach <mesh> [hosts...]` */
export function addAttach(program: Command, run: RunCommand): void {
  program
    .command('attach <mesh> [hosts...]')
    .description('attach to hosts and push the config to every one; exit code 0 only when all installed it')
    .option('-f, --file <path>', 'read the host list from a file, `-` for standard input')
    .option('-c, --config <KEY=VALUE>', 'override a config key; may be given again', collect, [])
    .option('-t, --timeout <duration>', 'total deadline, as in 10s')
    .option('-w, --wait-for-hosts <duration>', 'keep dialling hosts that refuse for this long')
    .option(
      '--replace',
      'take the place of a mesh of this name with other hosts: what runs there ends',
      false,
    )
    .option('--take-over', 'take hosts over that other meshes use', false)
    .option('--no-wait', 'return as soon as the attempt is recorded')
    .option('--no-wait-cleanup', 'return with the verdict, before it is known what is left on hosts')
    .option(
      '--preflight',
      'only look: dial every host and compare its config, send none; exit code 1 when an attach would fail',
      false,
    )
    .option('--idempotency-key <key>', 'a repeated call with this key returns the first one’s attempt')
    .action((mesh: string, hosts: string[], options: Options) =>
      run((context) => attach(context, mesh, hosts, options)),
    );
}

async function attach(
  context: Context,
  mesh: string,
  hosts: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const body = await attachRequestOf(mesh, hosts, options);
  if (typeof body === 'string') return refuseInput(context, body);
  if (options.preflight) {
    const looked = await context.client.call(routes.preflight, { body });
    const code = show(context, looked, preflightText);
    return looked.ok && looked.value.verdict.kind === 'would_fail' ? exitCodes.failed : code;
  }
  const key = options.idempotencyKey;
  const headers = { prefer: 'respond-async', ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return awaitAttempt(
    context,
    await context.client.call(routes.startAttach, { body, headers }),
    attemptWaitOf(options),
  );
}

/** The request, or a sentence about what is wrong with the arguments. */
async function attachRequestOf(
  mesh: string,
  hosts: readonly string[],
  options: Options,
): Promise<AttachRequest | string> {
  const config = parsePairs('--config', options.config);
  if (!config.ok) return config.fault.message;
  let listed = '';
  try {
    if (options.file !== undefined)
      listed = await readFile(options.file === '-' ? '/dev/stdin' : options.file, 'utf8');
  } catch (cause) {
    return `the host list ${options.file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
  return {
    mesh,
    hosts: [...hosts, listed].join('\n'),
    ...(options.config.length === 0 ? {} : { config: config.value }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.waitForHosts === undefined ? {} : { waitForHosts: options.waitForHosts }),
    ...(options.replace && { replace: true }),
    ...(options.takeOver && { takeOver: true }),
  };
}
