import {
  routes,
  type AttemptKind,
  type AttemptState,
  type ConfigPushFailureKind,
  type HostState,
  type RetryRequest,
} from '@hostmesh/contract';
import type { Command } from 'commander';
import { show, type RunCommand } from '../context.ts';
import { exitCodeOfAttempt, exitCodes } from '../exit-code.ts';
import { showList, withPaging, type PagingOptions } from '../list.ts';
import { changesText } from './changes.ts';
import { attemptsText, attemptText, hostResultsText } from '../output/attempt-text.ts';
import { attemptWaitOf, awaitAttempt } from '../watch/await-attempt.ts';

interface ListOptions extends PagingOptions {
  readonly kind?: AttemptKind;
  readonly state?: AttemptState;
  readonly mesh?: string;
}
interface HostOptions extends PagingOptions {
  readonly state?: HostState;
  readonly kind?: ConfigPushFailureKind;
  readonly withoutEffect?: true;
  readonly q?: string;
}
interface RetryOptions {
  readonly only: RetryRequest['only'];
  readonly timeout?: string;
  readonly waitForHosts?: string;
  readonly replace?: boolean;
  readonly takeOver?: boolean;
  readonly wait: boolean;
  readonly waitCleanup: boolean;
}

/** Attempts that people are shown unless they ask for more. */
const ATTEMPTS_SHOWN = 20;

/** `hostmesh attempts …` */
export function addAttempts(program: Command, run: RunCommand): void {
  const attempts = program
    .command('attempts')
    .description('attach attempts: list, show, hosts, history, retry, cancel, wait');

  addReads(attempts, run);
  addAttemptHistory(attempts, run);
  addActions(attempts, run);
}

function addReads(attempts: Command, run: RunCommand): void {
  withPaging(attempts.command('list', { isDefault: true }), ATTEMPTS_SHOWN)
    .description('newest first')
    .option('-s, --state <state>', 'running, attached, failed, cancelled or interrupted')
    .option('-m, --mesh <name>', 'of this mesh only')
    .option('-k, --kind <kind>', 'attach, push, or heal: those of the console itself')
    .action(({ limit, all, ...query }: ListOptions) =>
      run((context) =>
        showList(context, {
          route: routes.listAttempts,
          input: { query },
          options: { limit, all },
          usual: ATTEMPTS_SHOWN,
          text: attemptsText,
        }),
      ),
    );

  attempts
    .command('show <id>')
    .description('one attempt with its failing hosts')
    .action((id: string) =>
      run(async (context) =>
        show(context, await context.client.call(routes.getAttempt, { params: { id } }), attemptText),
      ),
    );

  withPaging(attempts.command('hosts <id>'))
    .description('result of every host')
    .option('-s, --state <state>', 'queued, connecting, awaiting_ack, installed or failed')
    .option('-k, --kind <kind>', 'failure kind, as in SendFailed')
    .option('-q, --q <text>', 'part of an address or host id')
    .option('--without-effect', 'only hosts that installed it, but on which some key has no effect')
    .action((id: string, { withoutEffect, limit, all, ...filter }: HostOptions) =>
      run((context) =>
        showList(context, {
          route: routes.listAttemptHosts,
          input: {
            params: { id },
            query: { ...filter, ...(withoutEffect && { withoutEffect: 'true' }) },
          },
          options: { limit, all },
          text: hostResultsText,
          json: (hosts) => hosts,
        }),
      ),
    );
}

function addAttemptHistory(attempts: Command, run: RunCommand): void {
  withPaging(attempts.command('history <id>'))
    .description('every change of its state, newest first')
    .action((id: string, options: PagingOptions) =>
      run((context) =>
        showList(context, {
          route: routes.attemptHistory,
          input: { params: { id } },
          options,
          text: changesText,
          json: (changes) => changes,
        }),
      ),
    );
}

function addActions(attempts: Command, run: RunCommand): void {
  attempts
    .command('retry <id>')
    .description(
      'try again as a new attempt; by default the failed hosts first, the others once those installed',
    )
    .option(
      '-o, --only <which>',
      'failed; all, at once; or installed: attach without the hosts that failed',
      'failed',
    )
    .option('-t, --timeout <duration>', 'total deadline, as in 10s')
    .option('-w, --wait-for-hosts <duration>', 'keep dialling hosts that refuse for this long')
    .option('--replace', 'take the place of a mesh of its name with other hosts: what runs there ends')
    .option('--take-over', 'take hosts over that other meshes use')
    .option('--no-wait', 'return as soon as the attempt is recorded')
    .option('--no-wait-cleanup', 'return with the verdict, before it is known what is left on hosts')
    .action((id: string, { wait, waitCleanup, ...body }: RetryOptions) =>
      run(async (context) => {
        const headers = { prefer: 'respond-async' };
        return awaitAttempt(
          context,
          await context.client.call(routes.retryAttempt, { params: { id }, body, headers }),
          attemptWaitOf({ wait, waitCleanup }),
        );
      }),
    );

  attempts
    .command('cancel <id>')
    .description('stop a running attempt; what it installed is restored')
    .action((id: string) =>
      run(async (context) => {
        const cancelled = await context.client.call(routes.cancelAttempt, { params: { id } });
        const code = show(context, cancelled, attemptText);
        const isLeft = cancelled.ok && exitCodeOfAttempt(cancelled.value) === exitCodes.leftBehind;
        return isLeft ? exitCodes.leftBehind : code;
      }),
    );

  attempts
    .command('wait <id>')
    .description(
      'wait for its verdict, and until it is known what is left on hosts; the exit code follows it',
    )
    .option('--no-wait-cleanup', 'return with the verdict, before it is known what is left on hosts')
    .action((id: string, { waitCleanup }: Pick<RetryOptions, 'waitCleanup'>) =>
      run(async (context) => {
        const attempt = await context.client.call(routes.getAttempt, { params: { id } });
        return awaitAttempt(context, attempt, attemptWaitOf({ wait: true, waitCleanup }));
      }),
    );
}
