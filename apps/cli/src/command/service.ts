import { routes, type AuditEntry, type PartHealth } from '@hostmesh/contract';
import type { Command } from 'commander';
import { show, showFault, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { showList, withPaging, type PagingOptions } from '../list.ts';
import { table } from '../output/table.ts';

/** Entries that people are shown unless they ask for more. */
const ENTRIES_SHOWN = 50;

/** `hostmesh ready`: whether the API can work, part by part. */
export function addReady(program: Command, run: RunCommand): void {
  program
    .command('ready')
    .description(
      'whether the API can work: its database, disk and process, and since when. Exit code 3 when it cannot',
    )
    .action(() => run(showReady));
}

async function showReady(context: Context): Promise<ExitCode> {
  const asked = await context.client.call(routes.ready, {});
  const parts = asked.ok ? asked.value.parts : (asked.fault.problem?.parts ?? []);
  if (!asked.ok && !context.json && parts.length > 0) context.out(partsText(parts));
  if (!asked.ok) return showFault(context, asked.fault);
  show(context, asked, () => partsText(parts));
  return exitCodes.ok;
}

const partsText = (parts: readonly PartHealth[]): string =>
  table(parts, [
    { title: 'part', of: ({ part }) => part },
    { title: 'state', of: ({ ok }) => (ok ? 'well' : 'not well') },
    { title: 'since', of: ({ since }) => since },
    { title: 'how it shows', of: ({ detail }) => detail },
  ]);

/** `hostmesh sign-in`: a link that signs a browser in. */
export function addSignIn(program: Command, run: RunCommand): void {
  program
    .command('sign-in')
    .description('print a link to the dashboard that signs one browser in, once, within 10 minutes')
    .action(() =>
      run(async (context) =>
        show(context, await context.client.call(routes.makeSignInCode, {}), ({ url }) => url),
      ),
    );
}

/** `hostmesh audit`: who did what. */
export function addAudit(program: Command, run: RunCommand): void {
  withPaging(program.command('audit'), ENTRIES_SHOWN)
    .description(
      'who did what, newest first; what was refused alike from one address is one entry with its count',
    )
    .option('-q, --filter <text>', 'only entries with this text in who, what or to what')
    .action((options: PagingOptions & { readonly filter?: string }) =>
      run((context) =>
        showList(context, {
          route: routes.audit,
          input: { query: options.filter === undefined ? {} : { q: options.filter } },
          options,
          usual: ENTRIES_SHOWN,
          text: auditText,
        }),
      ),
    );
}

const auditText = (entries: readonly AuditEntry[]): string =>
  entries.length === 0
    ? 'Nothing was done yet that is kept.'
    : table(entries, [
        { title: 'at', of: ({ at }) => at },
        { title: 'times', of: ({ count }) => String(count) },
        { title: 'last at', of: ({ lastAt }) => lastAt ?? '' },
        { title: 'who', of: ({ actor }) => actor },
        { title: 'what', of: ({ action }) => action },
        { title: 'to what', of: ({ target }) => target ?? '' },
        { title: 'outcome', of: ({ outcome }) => outcome },
      ]);
