import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { hideSecrets, withSecretsRead, writeSecret } from './hide-secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
});

const PEM = '-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n';

test.each([
  ['HOSTMESH_AGENT_KEY', 'hush', 'HOSTMESH_AGENT_KEY_FILE', 'hush'],
  ['DATABASE_URL', 'postgresql://u:hush@h/d', 'DATABASE_URL_FILE', 'postgresql://u:hush@h/d'],
  ['HOSTMESH_TOKEN', 'hush', 'HOSTMESH_TOKEN_FILE', 'hush'],
  ['HYPERACTOR_TLS_KEY', PEM, 'HYPERACTOR_TLS_KEY', PEM],
  ['HYPERACTOR_TLS_KEY', ` ${PEM}`, 'HYPERACTOR_TLS_KEY', ` ${PEM}`],
  ['PGPASSWORD', String.raw`a:hush\b`, 'PGPASSFILE', `*:*:*:*:a\\:hush\\\\b\n`],
])('%s goes into a file that only its user can read', (name, value, fileVariable, content) => {
  const env = hideSecrets({ PATH: '/bin', [name]: value }, dataDir);
  expect(Object.keys(env ?? {}).toSorted()).toEqual(['PATH', fileVariable].toSorted());
  expect(JSON.stringify(env)).not.toContain('hush');
  const file = env?.[fileVariable] ?? '';
  expect(readFileSync(file, 'utf8')).toBe(content);
  expect([statSync(file), statSync(join(file, '..'))].map(({ mode }) => mode & 0o777)).toEqual([
    0o600, 0o700,
  ]);
});

test('an environment without secrets is left as it is, that with the path of a file included', () => {
  const env = { HOSTMESH_AGENT_KEY: '', DATABASE_URL_FILE: '/there', HYPERACTOR_TLS_KEY: '/etc/tls.key' };
  expect(hideSecrets(env, dataDir)).toBeNull();
  expect(readdirSync(dataDir)).toEqual([]);
});

test('a file that was given wins over a text, which is gone all the same', () => {
  const env = { HOSTMESH_AGENT_KEY: 'hush', HOSTMESH_AGENT_KEY_FILE: '/etc/key' };
  expect(hideSecrets(env, dataDir)).toEqual({ HOSTMESH_AGENT_KEY_FILE: '/etc/key' });
});

test('files of processes that are gone go, and those of living ones stay', () => {
  writeSecret(dataDir, 'HOSTMESH_AGENT_KEY', 'mine');
  const { pid } = spawnSync('true');
  for (const owner of [pid, 1]) writeFileSync(join(dataDir, 'secrets', `DATABASE_URL.${owner}`), 'x');
  writeSecret(dataDir, 'HOSTMESH_AGENT_KEY', 'mine, too');
  const names = readdirSync(join(dataDir, 'secrets')).toSorted();
  expect(names).toEqual(['DATABASE_URL.1', `HOSTMESH_AGENT_KEY.${process.pid}`]);
});

test('what a file holds is the setting; one that cannot be read is named by its variable', () => {
  const file = join(dataDir, 'url');
  writeFileSync(file, 'postgresql://u:p@h/d\n');
  const read = withSecretsRead({ DATABASE_URL_FILE: file, DATABASE_URL: 'another' }, ['DATABASE_URL']);
  expect(read).toMatchObject({ DATABASE_URL: 'postgresql://u:p@h/d' });
  expect(() => withSecretsRead({ DATABASE_URL_FILE: '/not/there' }, ['DATABASE_URL'])).toThrow(
    /^DATABASE_URL_FILE cannot be read: ENOENT/,
  );
});
