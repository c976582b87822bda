import { fail, isOwnVariable, ok, type Fault, type Result } from '@hostmesh/core';

type Variables = Readonly<Record<string, string>>;

/** What is started so that nothing of its command's variables reaches what still has the rights of the agent. */
interface LateStart {
  /** To be put before the command, behind what changes the user; empty where there is nothing to hide. */
  readonly prefix: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * A variable of a command can make any program run its code (`LD_PRELOAD`, `OPENSSL_CONF`), and what becomes another user
 * runs with the rights of the agent until it has. So it sees the values under names that mean nothing, and a shell of the
 * other user gives them their own. No value is in an argument, which everybody on the host could read.
 */
export function lateEnvironment(
  env: Variables,
  ofCommand: Variables,
): Result<LateStart, Fault<'bad_variable'>> {
  const names = Object.keys(ofCommand).filter((name) => !isOwnVariable(name));
  if (names.length === 0) return ok({ prefix: [], env: { ...env } });
  const odd = names.find((name) => !/^(?!HOSTMESH_LATE_)[A-Za-z_]\w*$/.test(name));
  if (odd !== undefined) {
    const message = `the variable '${odd.slice(0, 200)}' cannot be set for another user: name it with letters, digits and _`;
    return fail({ code: 'bad_variable', message });
  }
  const aliasOf = (index: number) => `HOSTMESH_LATE_${index}`;
  const hidden = Object.fromEntries(names.map((name, index) => [aliasOf(index), env[name] ?? '']));
  const others = Object.entries(env).filter(([name]) => !names.includes(name));
  const given = names.map((name, index) => `export ${name}="$${aliasOf(index)}"; unset ${aliasOf(index)}`);
  const script = [...unsetShellsOwn(names), ...given, 'exec "$@"'].join('\n');
  return ok({ prefix: ['/bin/sh', '-c', script, 'sh'], env: { ...Object.fromEntries(others), ...hidden } });
}

/** What a shell adds to an environment by itself. */
const unsetShellsOwn = (names: readonly string[]): string[] =>
  ['PWD', 'OLDPWD', 'SHLVL'].filter((name) => !names.includes(name)).map((name) => `unset ${name}`);
