// One configuration for the whole workspace: strict types, no floating promises, and the import
// direction of docs/architecture.md.
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What each workspace folder may import from the workspace; everything else is an error. */
const mayImport = {
  'packages/core': [],
  'packages/protocol': ['core'],
  'packages/host-mesh': ['protocol', 'core'],
  'packages/contract': ['core'],
  'packages/client': ['contract', 'core'],
  'packages/testkit': ['protocol', 'core'],
  prisma: ['core'],
  'apps/agent': ['protocol', 'core'],
  'apps/api': ['host-mesh', 'db', 'contract', 'protocol', 'core'],
  'apps/web': ['client', 'contract', 'core'],
  'apps/cli': ['client', 'contract', 'core'],
  e2e: ['client', 'contract', 'core'],
  bench: ['client', 'host-mesh', 'testkit', 'protocol', 'core'],
  scripts: [],
};
const packages = ['core', 'protocol', 'host-mesh', 'contract', 'client', 'testkit', 'db'];
const apps = ['agent', 'api', 'web', 'cli'];
/** Tests may also use these. */
const testOnly = { 'packages/host-mesh': ['testkit'], 'apps/api': ['client', 'testkit'] };

const importRule = (allowed) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          group: [...packages.filter((name) => !allowed.includes(name)), ...apps].flatMap((name) => [
            `@hostmesh/${name}`,
            `@hostmesh/${name}/*`,
          ]),
          message: 'Imports point down only: see docs/architecture.md.',
        },
        { group: ['@hostmesh/*/src/*'], message: 'Import from the package, not from inside it.' },
      ],
    },
  ],
});

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**'];

export default defineConfig(
  {
    ignores: [
      '**/node_modules/',
      '**/.next/',
      '**/generated/',
      '.hostmesh/',
      '**/next-env.d.ts',
      '**/test-results/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.base.json' })],
      // Without these the plugin does not look into TypeScript, and finds no cycle.
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'import-x/no-cycle': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      // Two programs for everything, rather than one for each package.
      parserOptions: {
        project: ['tsconfig.json', 'apps/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  ...Object.entries(mayImport).flatMap(([folder, allowed]) => [
    { files: [`${folder}/**/*.{ts,tsx}`], ignores: tests, rules: importRule(allowed) },
    {
      files: tests.map((glob) => `${folder}/${glob}`),
      rules: importRule([...allowed, ...(testOnly[folder] ?? [])]),
    },
  ]),
  { files: ['apps/web/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  { files: tests, rules: { 'max-lines': ['error', { max: 600 }] } },
  {
    files: [
      'scripts/**',
      'bench/**',
      'apps/cli/**',
      'packages/testkit/src/sim-hosts/**',
      '**/main.ts',
      '**/*.mjs',
    ],
    rules: { 'no-console': 'off' },
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly', setInterval: 'readonly' },
    },
  },
);
