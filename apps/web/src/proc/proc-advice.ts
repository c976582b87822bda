/** What an end usually means, and what to try. */
export interface EndAdvice {
  readonly meaning: string;
  readonly tryThis: string;
}

const bySignal: Readonly<Record<string, EndAdvice>> = {
  SIGKILL: {
    meaning: 'Something killed it that could not be refused: the kernel when memory ran out, or a person.',
    tryThis: 'Look for “Out of memory” in the kernel log of the host, and at the memory that the proc used.',
  },
  SIGTERM: {
    meaning: 'Something on the host asked it to end; it was not us.',
    tryThis: 'Look for a service manager or a scheduler on that host.',
  },
  SIGSEGV: {
    meaning: 'The program touched memory that is not its own: a bug in it or in a library.',
    tryThis: 'Look at the last lines of its output and for a core file on the host.',
  },
  SIGABRT: {
    meaning: 'The program gave itself up, as it does when a check of its own fails.',
    tryThis: 'The last lines of stderr usually say which check.',
  },
  SIGBUS: {
    meaning: 'Memory that the program had mapped was not there: a truncated file, or a full /dev/shm.',
    tryThis: 'Check the space on the host, /dev/shm included.',
  },
  SIGILL: {
    meaning: 'The processor does not know an instruction of the program: it was built for another one.',
    tryThis: 'Build it for the oldest processor of the mesh.',
  },
  SIGPIPE: {
    meaning: 'It wrote to something that had been closed.',
    tryThis: 'See what it was connected to, and whether that ended first.',
  },
};

const byExitCode: Readonly<Record<number, EndAdvice>> = {
  126: {
    meaning: 'A shell found the program and could not run it.',
    tryThis: 'Check that it is executable on these hosts.',
  },
  127: {
    meaning: 'A shell did not find the program.',
    tryThis: 'Check that it is installed on these hosts, and its PATH.',
  },
  137: {
    meaning:
      'It says that SIGKILL ended it or a child of it; usually that is the kernel when memory ran out.',
    tryThis: 'Look at the kernel log of the host.',
  },
};

const byText: readonly (readonly [RegExp, EndAdvice])[] = [
  [
    /config_missing|needs (the )?config /,
    {
      meaning: 'Its host does not hold the config of its mesh, without which nothing is started.',
      tryThis: 'Push the config to the mesh, unless the console is doing that; then spawn again.',
    },
  ],
  [
    /^could not start/,
    {
      meaning: 'The host could not start the program at all.',
      tryThis: 'Check its name, its path and the working directory on these hosts.',
    },
  ],
  [
    /^not ready within/,
    {
      meaning: 'It ran and did not become ready in time; it was then stopped.',
      tryThis: 'Look at its output. If it is only slow, give readiness a longer timeout.',
    },
  ],
  [
    /before it was ready/,
    {
      meaning: 'It ended before it was ready, so nobody could have used it.',
      tryThis: 'For programs that are meant to end, choose “alive” as readiness.',
    },
  ],
  [
    /^ended (with|while) its host agent/,
    {
      meaning: 'The agent of its host ended, and procs end with it unless they are kept.',
      tryThis: 'See why the agent ended. “Keep” lets procs outlive it.',
    },
  ],
  [
    /^lost/,
    {
      meaning: 'Its host agent restarted and knows nothing of it.',
      tryThis: 'See whether the agent’s data directory was removed.',
    },
  ],
];

const byFault: Readonly<Record<string, EndAdvice>> = {
  not_found: {
    meaning: 'The host has no such program; nothing was started.',
    tryThis: 'Install it there, give its whole path, or give the command a PATH that has it.',
  },
  not_executable: {
    meaning: 'The host has the file, and its agent may not execute it; nothing was started.',
    tryThis:
      'Look at the permissions of the file and of the folders above it, and at how the disk is mounted.',
  },
  exec_format: {
    meaning: 'The kernel of the host does not run such a file, and nothing else is run in its place.',
    tryThis:
      'Build the program for the machine of this host; let a script begin with “#!” and its interpreter.',
  },
  host_limit: {
    meaning:
      'Its host had no room for another process; nothing was started, and the command is not to blame.',
    tryThis: 'Raise the limit that is named, on that host, or run fewer procs there.',
  },
  program_refused: {
    meaning: 'The agent of this host does not let clients start this program; nothing was started.',
    tryThis: 'Start that agent with “--allow” and the program, or run one that it allows.',
  },
  arg0_refused: {
    meaning: 'The agent lets clients start listed programs only, and those under their own names.',
    tryThis: 'Leave arg0 out.',
  },
  env_refused: {
    meaning: 'The agent lets clients set listed variables only: others can make a program run other code.',
    tryThis: 'Leave the variable out, or start that agent with “--allow-env” and its name.',
  },
  run_as_refused: {
    meaning:
      'The agent of that host runs nothing as this user, or it is root and was not told whom procs run as.',
    tryThis: 'Ask for one of the users that the message names, or start the agent with --run-as USER.',
  },
  cwd_refused: {
    meaning:
      'The agent lets clients start programs in listed directories only: others can make them run other code.',
    tryThis: 'Leave the directory out, or start that agent with “--allow-cwd” and the directory.',
  },
  interpreter_missing: {
    meaning: 'What is to read the script, or to load the program, is not on the host; nothing was started.',
    tryThis: 'Install what is named, or change the first line of the script.',
  },
};

/** Advice for the way a proc ended; null when there is none. */
export function adviceForEnd(end: {
  readonly startFault: string | null;
  readonly statusText: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}): EndAdvice | null {
  const known = end.startFault === null ? undefined : byFault[end.startFault];
  if (known !== undefined) return known;
  const told = byText.find(([pattern]) => pattern.test(end.statusText));
  if (told !== undefined) return told[1];
  if (end.signal !== null) return bySignal[end.signal] ?? null;
  return end.exitCode === null ? null : (byExitCode[end.exitCode] ?? null);
}
