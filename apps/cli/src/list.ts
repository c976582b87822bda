import { callPages, type CallInput, type ItemOf } from '@hostmesh/client';
import type { Page, Route } from '@hostmesh/contract';
import { formatCount, shownJson } from '@hostmesh/core';
import type { Command } from 'commander';
import { refuseInput, showFault, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';

/** What `withPaging` adds to the options of a command. */
export interface PagingOptions {
  readonly limit?: string | undefined;
  readonly all?: boolean | undefined;
}

/** Adds `--limit` and `--all` to a command that lists; people are shown `usual` rows without either, or all. */
export function withPaging(command: Command, usual?: number): Command {
  const whole = usual === undefined ? 'all' : `${usual}, with --json all`;
  return command
    .option('-n, --limit <count>', `how many at most (default: ${whole})`)
    .option('--all', 'every one, however many there are');
}

/** What is listed, and how. */
export interface Listing<R extends Route> {
  readonly route: R;
  readonly input: CallInput<R>;
  readonly options: PagingOptions;
  /** As given to `withPaging`. */
  readonly usual?: number;
  readonly text: (items: readonly ItemOf<R>[]) => string;
  /** What is printed with `--json`; the page as the API would answer it when absent. */
  readonly json?: (items: readonly ItemOf<R>[]) => unknown;
}

/** Shows a list. One that is cut says so, and how many there are: under its rows, or beside its JSON. */
export async function showList<R extends Route>(context: Context, listing: Listing<R>): Promise<ExitCode> {
  const { route, input, options, usual, text, json } = listing;
  const { limit, all } = options;
  if (limit !== undefined && !/^[1-9]\d{0,6}$/.test(limit))
    return refuseInput(context, `--limit takes a whole number from 1 to 9999999, not "${limit}"`);
  if (limit !== undefined && all) return refuseInput(context, 'give --limit or --all, not both');
  const isWhole = all === true || (context.json && limit === undefined) || (limit ?? usual) === undefined;
  const max = isWhole ? Number.POSITIVE_INFINITY : Number(limit ?? usual);
  const read = await callPages(context.client, route, input, max);
  if (!read.ok) return showFault(context, read.fault);
  const page = read.value;
  const note = cutNote(page);
  if (context.json) context.out(shownJson(json === undefined ? page : json(page.items)));
  else context.out([text(page.items), ...(note === null ? [] : [note])].join('\n'));
  if (context.json && note !== null) context.err(`hostmesh: ${note}`);
  return exitCodes.ok;
}

/** `50 of 1,027`; null for a page that is the whole. */
function cutNote({ items, nextCursor, total }: Page<unknown>): string | null {
  if (nextCursor === null) return null;
  const whole = total === undefined ? 'more' : formatCount(total);
  return `${formatCount(items.length)} of ${whole}. All of them: --all`;
}
