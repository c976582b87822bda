import { whyOthersCanChange } from '@hostmesh/protocol';
import { isLive, type AgentProc } from '../proc/agent-proc.ts';
import { allowsAll } from './allow-list.ts';
import { judgeCommand, judgedOf, type AllowRules } from './allow-rules.ts';
import { locateProgram } from './find-program.ts';
import { accountFor, type Account } from './run-as.ts';

/** What an operator should know of what the agent lets run, as it goes into the log. */
export interface ListWarning {
  readonly event: 'agent.list_open' | 'agent.runs_unlisted';
  readonly text: string;
  readonly path?: string;
  readonly procId?: string;
  readonly code?: string;
}

/**
 * What an agent says of its lists when it starts: which programs and directories others can change, who then decide what runs, and
 * which procs of an earlier agent go on that it would not start again.
 */
export function listWarnings(
  {
    allow,
    accounts,
    path,
  }: { readonly allow: AllowRules; readonly accounts: readonly Account[]; readonly path: string },
  procs: readonly AgentProc[],
): ListWarning[] {
  const files = allow.programs.map((program) => fileOf(program, path));
  const listed = allowsAll(allow.programs) ? [] : [...files, ...allow.cwd];
  const open = listed.flatMap((file): ListWarning[] => {
    const why = whyOpen(file);
    if (why === null) return [];
    const text = `the list allows ${file}, and who can change it decides what runs: ${why}`;
    return [{ event: 'agent.list_open', path: file, text }];
  });
  const unlisted = procs.filter(isLive).flatMap(({ facts }): ListWarning[] => {
    const { procId, command } = facts.spec;
    const judged = [judgeCommand(allow, judgedOf(command), path, null), accountFor(accounts, command.runAs)];
    const refused = judged.find(({ ok }) => !ok);
    if (refused?.ok !== false) return [];
    const { code, message } = refused.fault;
    const text = `a proc of before goes on, and would not be started again: ${message}`;
    return [{ event: 'agent.runs_unlisted', procId, code, text }];
  });
  return [...open, ...unlisted];
}

const fileOf = (program: string, path: string): string => {
  const found = locateProgram(program, { path, pathOf: '', cwd: null });
  return found.ok ? found.value : program;
};

/** What is not there can be told when it is. */
function whyOpen(path: string): string | null {
  try {
    return path === '*' ? null : whyOthersCanChange(path);
  } catch {
    return null;
  }
}
