import { createClient, type ClientOptions } from '@hostmesh/client';
import { shownJson, shownLine } from '@hostmesh/core';
import { Command, CommanderError } from 'commander';
import { addAttach } from './command/attach.ts';
import { addAttempts } from './command/attempts.ts';
import { addChanges, addHistory } from './command/changes.ts';
import { addConfig } from './command/config.ts';
import { addLogs } from './command/logs.ts';
import { addForgetHost, addHosts, addMeshes } from './command/meshes.ts';
import { addProcMeshes, addPs, addStop, addWait } from './command/procs.ts';
import { addAudit, addReady, addSignIn } from './command/service.ts';
import { addSpawn } from './command/spawn.ts';
import { refuseInput, type Context, type RunCommand } from './context.ts';
import { exitCodes } from './exit-code.ts';
import { safeLine, safeLines } from './output/table.ts';

/** What the process gives to the program: where the API is, and where text goes. */
export interface Surroundings extends Omit<Context, 'client' | 'json'> {
  readonly apiUrl: string;
  readonly token: string | undefined;
  /** The token in a file; null when that cannot be read. */
  readonly tokenIn: (file: string) => { readonly token: string; readonly tokenFrom: string } | null;
  readonly fetch?: ClientOptions['fetch'];
}

const commands = [
  addAttach,
  addAttempts,
  addMeshes,
  addForgetHost,
  addHistory,
  addChanges,
  addHosts,
  addSpawn,
  addPs,
  addProcMeshes,
  addLogs,
  addStop,
  addWait,
  addConfig,
  addReady,
  addSignIn,
  addAudit,
];

/** Runs the command line `args` and resolves with the exit code. Never rejects for anything a user can do. */
export async function runProgram(args: readonly string[], given: Surroundings): Promise<number> {
  // What is told beside the results is words, with --json too.
  const surroundings = { ...given, err: (text: string) => given.err(safeLines(text)) };
  let exitCode: number = exitCodes.ok;
  const program = new Command('hostmesh')
    .description('Attach to host meshes, push config, run procs, and see what every host says.')
    .option('--api <url>', 'where the API is (HOSTMESH_API_URL)', surroundings.apiUrl)
    .option(
      '--token-file <file>',
      'holds the bearer token (HOSTMESH_TOKEN_FILE, HOSTMESH_TOKEN, else the admin token of the data directory)',
    )
    .option('--json', 'print JSON for scripts', false)
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 tried and failed, 2 refused, 3 no answer from the API, or no access; of attempts that did not
attach also 4 something may be left on hosts, 5 cancelled, 6 interrupted by a stop of the API. \`wait\`, and \`run\` with
--wait or --follow, end as the procs do: see \`hostmesh wait --help\`. Meshes and proc meshes are given by id, or by
name where only one has it.`,
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.out(text.trimEnd()),
      writeErr: (text) => surroundings.err(text.trimEnd()),
    });

  const run: RunCommand = async (body) => {
    const { api, tokenFile, json } = program.opts<{ api: string; tokenFile?: string; json: boolean }>();
    if (!/^https?:$/.test(URL.parse(api)?.protocol ?? '')) {
      const message = `the API’s address (HOSTMESH_API_URL or --api) has to be as http://127.0.0.1:4600, not "${api}"`;
      exitCode = refuseInput({ ...surroundings, json }, message);
      return;
    }
    const { token, tokenFrom, fetch } = surroundings;
    const held = tokenFile === undefined ? { token, tokenFrom } : surroundings.tokenIn(tokenFile);
    if (held === null) {
      exitCode = refuseInput({ ...surroundings, json }, `--token-file ${tokenFile} cannot be read`);
      return;
    }
    // JSON is data: it says what there is, in escapes.
    const shown = json ? undefined : shownLine;
    const client = createClient({ baseUrl: api, token: held.token, fetch, shown });
    // Each is one line, whatever is in what the client left as it is.
    const err = json ? (text: string) => given.err(safeLine(text)) : surroundings.err;
    exitCode = await body({ ...surroundings, err, client, json, tokenFrom: held.tokenFrom });
  };
  for (const add of commands) add(program, run);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has said what is wrong with the arguments; help and version end here too, with code 0.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    const end = args.indexOf('--');
    const isJson = args.slice(0, end === -1 ? undefined : end).includes('--json');
    const detail = error.message.replace(/^error: /, '');
    if (isJson) surroundings.out(shownJson({ code: 'invalid_arguments', detail }));
    return exitCodes.refused;
  }
  return exitCode;
}
