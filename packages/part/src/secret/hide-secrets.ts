import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Settings that are secrets. Each of them may be given as the path of a file, in `<NAME>_FILE`, which wins. */
export const secretSettings = ['HOSTMESH_AGENT_KEY', 'DATABASE_URL', 'HOSTMESH_TOKEN'] as const;

/**
 * Secrets that others have named: the variable that takes a file in their place, and what that file holds. A setting that takes
 * either the text or a path is its own such variable.
 */
const foreignSecrets: Readonly<Record<string, { readonly file: string; contentOf(value: string): string }>> =
  {
    HYPERACTOR_TLS_KEY: { file: 'HYPERACTOR_TLS_KEY', contentOf: (pem) => pem },
    PGPASSWORD: {
      file: 'PGPASSFILE',
      contentOf: (password) => `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`,
    },
  };

/** The path of a file with a secret, for this user alone, that belongs to this process; those of processes that are gone go. */
export function writeSecret(dataDir: string, name: string, text: string): string {
  const dir = join(resolve(dataDir), 'secrets');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  for (const file of readdirSync(dir)) if (!isOfLiving(file)) rmSync(join(dir, file), { force: true });
  const file = join(dir, `${name}.${process.pid}`);
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  return file;
}

function isOfLiving(file: string): boolean {
  try {
    return process.kill(Number(file.slice(file.lastIndexOf('.') + 1)), 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The environment with every secret in a file of the data directory instead; null when none is in it. What a process was
 * started with can be read in `/proc` as long as it lives, by all processes of its user.
 */
export function hideSecrets(env: Env, dataDir: string): Record<string, string> | null {
  const hidden: Record<string, string> = {};
  const names = new Set<string>();
  const hide = (name: string, fileVariable: string, content: string) => {
    names.add(name);
    if (fileVariable === name || !env[fileVariable])
      hidden[fileVariable] = writeSecret(dataDir, name, content);
  };
  for (const name of secretSettings) if (env[name]) hide(name, `${name}_FILE`, env[name]);
  for (const [name, { file, contentOf }] of Object.entries(foreignSecrets)) {
    const value = env[name];
    const isPath = file === name && value?.includes('-----BEGIN') !== true;
    if (value && !isPath) hide(name, file, contentOf(value));
  }
  if (names.size === 0) return null;
  const others = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || names.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(others), ...hidden };
}

/**
 * Starts this process over, as the same process, without the secrets of its environment. Returns if there were none. Throws
 * when the data directory cannot take them.
 */
export function startOverWithoutSecrets(dataDir: string): void {
  const env = hideSecrets(process.env, dataDir);
  // Where a process cannot start itself over there is no /proc that tells its environment either.
  if (env !== null)
    process.execve?.(
      process.execPath,
      [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
      // The types of Next, which the dashboard loads, ask for more than a process needs.
      env as NodeJS.ProcessEnv,
    );
}

/** The environment with the text of every secret that is given as a file. Throws, naming the variable, when one cannot be read. */
export function withSecretsRead(env: Env, names: readonly (typeof secretSettings)[number][]): Env {
  const read = names.flatMap((name) => {
    const file = env[`${name}_FILE`];
    if (!file) return [];
    try {
      return [[name, readFileSync(file, 'utf8').trim()] as const];
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${name}_FILE cannot be read: ${why}`, { cause });
    }
  });
  return { ...env, ...Object.fromEntries(read) };
}
