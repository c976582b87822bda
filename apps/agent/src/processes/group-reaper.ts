import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Remembers groups from its arguments and its standard input and kills them when that ends, however the agent came to its end: a
 * process that was killed can tidy up nothing, and Node has no way to ask for a parent-death signal of a whole group.
 * It is fed numbers and ids of procs alone, and where their cgroups are.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM PIPE
root=$1
shift
groups=" $* "
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do
  kill -s KILL -- "-\${group%%/*}" 2>/dev/null
  [ -z "$root" ] || echo 1 >"$root/\${group#*/}/cgroup.kill"
done 2>/dev/null
`;

/** Times that a reaper is started again after it was killed, in the life of an agent. */
const MAX_RESTARTS = 100;

/** Ends process groups with the agent. Its own process is started with the first group, in a session of its own. */
export class GroupReaper {
  readonly #groups = new Set<string>();
  readonly #cgroupRoot: string | null;
  readonly #onLost: () => void;
  #child: ChildProcess | null = null;
  #starts = 0;

  /** `onLost` hears when groups are without a reaper, because it cannot be started. */
  constructor(cgroupRoot: string | null, onLost: () => void) {
    this.#cgroupRoot = cgroupRoot;
    this.#onLost = onLost;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** From now on the group of a proc dies with this process, and whatever else is in its cgroup. */
  remember(groupId: number, procId: string): void {
    const group = `${groupId}/${procId}`;
    this.#groups.add(group);
    if (this.#child === null) this.#start();
    else this.#tell(`+ ${group}\n`);
  }

  /** The group is gone, and its number may be that of another one. */
  forget(groupId: number, procId: string): void {
    const group = `${groupId}/${procId}`;
    if (this.#groups.delete(group)) this.#tell(`- ${group}\n`);
  }

  /** Lets it kill what it still remembers, and end. */
  close(): void {
    this.#starts = Infinity;
    this.#child?.stdin?.end();
  }

  #start(): void {
    if (this.#starts > MAX_RESTARTS) return;
    this.#starts += 1;
    // What it is to remember is with it from the start: the agent may be killed before it can say a word.
    const args = ['-c', SCRIPT, 'hostmesh-reaper', this.#cgroupRoot ?? '', ...this.#groups];
    const child = spawn('/bin/sh', args, {
      detached: true,
      env: {},
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child = child;
    child.unref();
    const again = () => {
      if (this.#child !== child) return;
      this.#child = null;
      if (this.#groups.size === 0) return;
      if (this.#starts > MAX_RESTARTS) this.#onLost();
      else this.#start();
    };
    child.once('error', again);
    child.once('exit', again);
    // It may be gone before we hear so; its exit says the same.
    child.stdin.on('error', () => {});
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(line);
  }
}
