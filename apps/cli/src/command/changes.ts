import {
  changedByText,
  changeOfText,
  routes,
  stateWord,
  type Change,
  type ChangeQuery,
  type StateChange,
} from '@hostmesh/contract';
import { ok, parseDuration, printDuration, type Fault, type Result } from '@hostmesh/core';
import type { Command } from 'commander';
import { refuseInput, type RunCommand } from '../context.ts';
import { onMesh, readRank } from '../find.ts';
import { showList, withPaging, type PagingOptions } from '../list.ts';
import { table } from '../output/table.ts';

interface ChangesOptions extends PagingOptions {
  readonly mesh?: string;
  readonly host?: string;
  readonly attempt?: string;
  readonly kind?: ChangeQuery['kind'];
  readonly state?: ChangeQuery['state'];
  readonly since?: string;
  readonly until?: string;
}

/** Changes that people are shown unless they ask for more. */
const CHANGES_SHOWN = 50;

/** `hostmesh changes` */
export function addChanges(program: Command, run: RunCommand): void {
  withPaging(program.command('changes'), CHANGES_SHOWN)
    .description('what became of hosts, meshes, attempts, procs and the console itself, newest first')
    .option('-m, --mesh <mesh>', 'of a mesh and all that is on it')
    .option('--host <id>', 'of the host with this id, in whatever mesh')
    .option('-a, --attempt <id>', 'of an attempt')
    .option('-k, --kind <kind>', 'host, mesh, attempt, proc_mesh, orphan or engine: the console itself')
    .option('-s, --state <state>', 'what it became, as in unreachable')
    .option('--since <when>', 'not before: a time, or how long ago, as in 2h')
    .option('--until <when>', 'before: the same')
    .action(({ mesh, since, until, limit, all, ...filter }: ChangesOptions) =>
      run(async (context) => {
        const [from, to] = [readWhen(since), readWhen(until)];
        if (!from.ok) return refuseInput(context, `--since: ${from.fault.message}`);
        if (!to.ok) return refuseInput(context, `--until: ${to.fault.message}`);
        const list = (id?: string) =>
          showList(context, {
            route: routes.listChanges,
            input: { query: { ...filter, mesh: id, since: from.value, until: to.value } },
            options: { limit, all },
            usual: CHANGES_SHOWN,
            text: allChangesText,
            json: (changes) => changes,
          });
        return mesh === undefined ? list() : onMesh(context, mesh, ({ id }) => list(id));
      }),
    );
}

/** `hostmesh history <mesh> [rank]` */
export function addHistory(program: Command, run: RunCommand): void {
  withPaging(program.command('history').argument('<mesh>').argument('[rank]', '', readRank))
    .description('what became of a mesh, or of the host at a rank of it, newest first')
    .action((given: string, rank: number | undefined, options: PagingOptions) =>
      run((context) =>
        onMesh(context, given, ({ id }) => {
          const rest = { options, text: changesText, json: (changes: readonly StateChange[]) => changes };
          return rank === undefined
            ? showList(context, { route: routes.meshHistory, input: { params: { id } }, ...rest })
            : showList(context, {
                route: routes.hostHistory,
                input: { params: { id, rank } },
                ...rest,
              });
        }),
      ),
    );
}

/** A time as the API takes it: given as one, or as how long ago it was. */
function readWhen(given: string | undefined): Result<string | undefined, Fault> {
  if (given === undefined) return ok(undefined);
  if (/^\d{4}-/.test(given) && !Number.isNaN(Date.parse(given))) return ok(new Date(given).toISOString());
  const ago = parseDuration(given);
  return ago.ok ? ok(new Date(Date.now() - ago.value).toISOString()) : ago;
}

const lasted = ({ durationMs }: StateChange): string =>
  durationMs === null ? 'still' : printDuration(durationMs);

/** The history of one thing as a table. */
export const changesText = (changes: readonly StateChange[]): string =>
  changes.length === 0
    ? 'No changes that are kept.'
    : table(changes, [
        { title: 'at', of: ({ at }) => at },
        { title: 'state', of: ({ to }) => stateWord(to) },
        { title: 'for', of: lasted },
        { title: 'by', of: changedByText },
        { title: 'why', of: ({ why }) => why ?? '' },
      ]);

const allChangesText = (changes: readonly Change[]): string =>
  changes.length === 0
    ? 'No such changes.'
    : table(changes, [
        { title: 'at', of: ({ at }) => at },
        { title: 'of', of: (change) => changeOfText(change.of) },
        { title: 'was', of: ({ from }) => (from === null ? '' : stateWord(from)) },
        { title: 'became', of: ({ to }) => stateWord(to) },
        { title: 'for', of: lasted },
        { title: 'by', of: changedByText },
        { title: 'why', of: ({ why }) => why ?? '' },
      ]);
