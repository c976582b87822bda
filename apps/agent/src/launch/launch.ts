import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, fchownSync, openSync, rmSync, statSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fail, findConfigKey, ok, ownEnvironment, type ConfigAttrs, type Result } from '@hostmesh/core';
import type { ConfigMissing, ConfigNeed, ProcConfigValues } from '../config/config-for-proc.ts';
import { spoolFile } from '../output/spool.ts';
import type { ProcFacts } from '../proc/agent-proc.ts';
import type { ProcCgroups } from '../processes/cgroups.ts';
import { readProcess, sendSignal } from '../processes/processes.ts';
import { judgeCommand, judgedOf, type AllowRules } from './allow-rules.ts';
import { bindPrefix, findSetpriv, type BindTools } from './bind.ts';
import { findProgram, placeToSearch } from './find-program.ts';
import { lateEnvironment } from './late-environment.ts';
import { accountFor, canEnter, type Account } from './run-as.ts';
import { nulFault, whyNotStarted } from './why-not-started.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What of the host and its agent processes are started with. */
export interface LauncherDeps {
  readonly hostId: string;
  readonly tools: BindTools;
  readonly allow: AllowRules;
  readonly accounts: readonly Account[];
  /** Null where processes are told by their environment alone. */
  readonly cgroups: ProcCgroups | null;
  /** `PATH` says where programs are looked for. */
  readonly agentEnv: Environment & { readonly PATH: string };
}

/** The config in effect, as far as processes are started with it. */
export interface LaunchConfig {
  /** What the proc is started with, or that its host does not hold it. */
  configFor(need: ConfigNeed): Result<ProcConfigValues, ConfigMissing>;
  /** Whether the kernel is to kill procs with their agent, on top of what the agent does itself. */
  parentDeathSignal(): boolean;
}

/** A process that has just been started. */
export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  /** 0 where the system does not tell. */
  readonly startTicks: number;
  /** Of the config in its environment; null: there is none. */
  readonly configDigest: string | null;
  /** Its output, unless it writes to spools. */
  readonly pipes: { readonly stdout: Readable; readonly stderr: Readable } | null;
  /** What it says on the descriptor for its readiness. */
  readonly ready: Readable | null;
  /** The file of the program, and the names of what executes it in its own place, such as `setpriv`. */
  readonly file: string;
  readonly helpers: readonly string[];
}

/** What is to be executed, and in which directory. */
interface StartPlace {
  readonly program: string;
  readonly cwd: string;
}

/** What a kept process writes to in place of the descriptor for its readiness. */
export const readyFile = (dir: string): string => join(dir, 'ready');

/** Starts the processes of a host, one after the other. */
export class Launcher {
  readonly #deps: LauncherDeps;
  #setpriv: Promise<string | null> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
  }

  /**
   * Starts a process in its own session and group, without a shell. `dir` is the proc's own directory. Throws what the disk
   * or the system has against it; nothing runs then.
   */
  async launch(facts: ProcFacts, dir: string, config: LaunchConfig): Promise<Result<Launched>> {
    const { hostId, tools, accounts, agentEnv, cgroups } = this.#deps;
    const { command } = facts.spec;
    const account = accountFor(accounts, command.runAs);
    if (!account.ok) return account;
    const bound = bindPrefix(facts.spec.bind, tools);
    if (!bound.ok) return bound;
    if (command.arg0 !== null && bound.value.length > 0) {
      return fail({ code: 'arg0_with_bind', message: 'arg0 and a binding cannot be had together' });
    }
    const { become } = account.value;
    if (command.arg0 !== null && become !== null) {
      return fail({ code: 'arg0_with_run_as', message: 'arg0 and another user cannot be had together' });
    }
    const home = join(dir, 'work');
    if (command.cwd === null) await makeWorkDir(home, account.value);
    const found = this.find(facts, home);
    if (!found.ok) return found;
    const { program, cwd } = found.value;
    if (command.cwd !== null && !(await canEnter(account.value, cwd))) {
      const message = `user ${account.value.name} may not enter '${cwd}' on this host`;
      return fail({ code: 'no_cwd', message });
    }
    // A kept process must not die with the agent. And `setpriv` cannot hand an arg0 on to the program that it starts.
    const mayOutlive = facts.keep || command.arg0 !== null || !config.parentDeathSignal();
    const setpriv = mayOutlive ? null : await (this.#setpriv ??= findSetpriv(agentEnv.PATH));
    const deathSignal = setpriv === null ? [] : ['--pdeathsig', 'KILL'];
    const privileges = become ?? (setpriv === null ? null : [setpriv]);

    await this.#yield();
    const client = config.configFor(facts);
    if (!client.ok) return client;
    const whole = environmentOf(agentEnv, account.value, client.value, facts, hostId);
    const late = lateEnvironment(whole, become === null ? {} : command.env);
    if (!late.ok) return late;
    const { prefix, env } = late.value;
    const argv = [...prefix, ...bound.value, program, ...command.args];
    const [file = '', ...args] = privileges === null ? argv : [...privileges, ...deathSignal, '--', ...argv];
    const nul = nulFault(args, whole);
    if (nul !== null) return fail(nul);
    const helpers = [privileges ?? [], prefix, bound.value]
      .flatMap(([tool]) => tool ?? [])
      .map((tool) => basename(tool));
    const started = await start(facts, client.value.digest, dir, file, args, {
      cgroups,
      account: account.value,
      cwd,
      env,
      argv0: command.arg0 ?? file,
    });
    return started.ok ? ok({ ...started.value, file: program, helpers }) : started;
  }

  /**
   * The file that a proc is started from, which may be another one at each start, and where; `home` is where it starts
   * unless it says otherwise. Judged and looked at before every start, so that nothing else is ever run in its place.
   */
  find({ spec: { command } }: ProcFacts, home: string): Result<StartPlace> {
    const { agentEnv, allow } = this.#deps;
    const judged = judgedOf(command);
    const allowed = judgeCommand(allow, judged, agentEnv.PATH, home);
    if (!allowed.ok) return allowed;
    const { program, cwd = home } = allowed.value;
    if (!isDirectory(cwd)) return fail({ code: 'no_cwd', message: `no directory '${cwd}' on this host` });
    const found = findProgram(program, placeToSearch(judged.path, cwd, agentEnv.PATH));
    return found.ok ? ok({ program: found.value, cwd }) : found;
  }

  /** A start blocks the agent for milliseconds: there is one per turn of the event loop, and requests in between. */
  #yield(): Promise<unknown> {
    this.#turn = this.#turn.then(() => setImmediate());
    return this.#turn;
  }
}

async function start(
  { spec, keep }: ProcFacts,
  configDigest: string | null,
  dir: string,
  file: string,
  args: readonly string[],
  {
    cgroups,
    account,
    ...options
  }: {
    readonly cgroups: ProcCgroups | null;
    readonly account: Account;
    readonly cwd: string;
    readonly env: Record<string, string>;
    readonly argv0: string;
  },
): Promise<Result<Omit<Launched, 'file' | 'helpers'>>> {
  const files: number[] = [];
  const append = (path: string): number => {
    const fd = openSync(path, 'a', 0o600);
    files.push(fd);
    // It can open by its path under /dev what it writes to.
    if (account.become !== null) fchownSync(fd, account.uid, account.gid);
    return fd;
  };
  try {
    const stdio: StdioOptions = keep
      ? ['ignore', append(spoolFile(dir, 'stdout')), append(spoolFile(dir, 'stderr'))]
      : ['ignore', 'pipe', 'pipe'];
    if (spec.readiness.kind === 'descriptor') {
      // What an earlier run has said does not make this one ready.
      if (keep) rmSync(readyFile(dir), { force: true });
      stdio.push(keep ? append(readyFile(dir)) : 'pipe');
    }
    const begin = () => spawn(file, args, { ...options, detached: true, stdio });
    const child = cgroups === null ? begin() : cgroups.startIn(spec.procId, begin);
    const fault = new Promise<Error | null>((resolve) => {
      child.once('error', resolve);
      child.once('spawn', () => resolve(null));
    });
    const { pid } = child;
    if (pid === undefined) {
      return fail(whyNotStarted(await fault));
    }
    child.on('error', () => {});
    const { stdout, stderr } = child;
    const ready = child.stdio[3] ?? null;
    return ok({
      child,
      pid,
      startTicks: startTicksOf(pid),
      configDigest,
      pipes: stdout === null || stderr === null ? null : { stdout, stderr },
      ready: ready !== null && 'read' in ready ? ready : null,
    });
  } finally {
    for (const fd of files) closeSync(fd);
  }
}

/** When a process was started. Ends it when that cannot be told, since it could not be known again later. */
function startTicksOf(pid: number): number {
  try {
    return readProcess(pid)?.startTicks ?? 0;
  } catch (error) {
    sendSignal(-pid, 'SIGKILL');
    throw error;
  }
}

/** Makes the directory that a proc works in when it names none. Another user gets to it, and to nothing around it. */
async function makeWorkDir(dir: string, { become, uid, gid }: Account): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (process.geteuid?.() !== 0) return;
  await chown(dir, uid, gid);
  if (become === null) return;
  const [own, procs, dataDir] = [join(dir, '..'), join(dir, '../..'), join(dir, '../../..')];
  for (const above of [dataDir, procs, own]) await chmod(above, 0o711);
}

const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** All that a proc inherits of its agent's environment. The rest may hold secrets of the agent's own. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'USER', 'SHELL', 'TMPDIR'];
/** What of that is none of another user's. */
const OF_THE_USER = ['HOME', 'USER', 'SHELL', 'TMPDIR'];

/**
 * The whole environment of a proc (Reference 9.4): what it inherits, the config that its client pushed, what its command
 * says, and who it is. Unlike the reference, nothing of the agent's own environment leaks into it.
 */
function environmentOf(
  agentEnv: Environment,
  account: Account,
  client: ProcConfigValues,
  { spec }: ProcFacts,
  hostId: string,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = agentEnv[name];
    const isOthers = account.become !== null && OF_THE_USER.includes(name);
    return value === undefined || isOthers ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...account.env,
    ...configEnvironment(client.values),
    ...spec.command.env,
    ...ownEnvironment({
      procId: spec.procId,
      hostId,
      ...(client.digest !== null && { configDigest: client.digest }),
      ...(spec.readiness.kind === 'descriptor' && { readyFd: 3 }),
    }),
  };
}

/** The pushed config as variables; secrets only where they are meant to travel. */
function configEnvironment(values: ConfigAttrs): Record<string, string> {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    const key = findConfigKey(name);
    return key === undefined || (key.secret && !key.propagates) ? [] : [[key.envVar, value] as const];
  });
  return Object.fromEntries(entries);
}
