// One configuration for the whole workspace: strict types, no floating promises, and the import
// direction of docs/architecture.md.
import { defineConfig } from 'oxlint';

/** What each workspace folder may import from the workspace; everything else is an error. */
const mayImport: Record<string, string[]> = {
  'packages/core': [],
  'packages/part': [],
  'packages/protocol': ['core'],
  'packages/host-mesh': ['protocol', 'core'],
  'packages/contract': ['core'],
  'packages/client': ['contract', 'core'],
  'packages/testkit': ['protocol', 'core', 'part'],
  prisma: ['core', 'part'],
  'apps/agent': ['protocol', 'core', 'part'],
  'apps/api': ['host-mesh', 'db', 'contract', 'protocol', 'core', 'part'],
  'apps/web': ['client', 'contract', 'core'],
  'apps/cli': ['client', 'contract', 'core'],
  e2e: ['client', 'contract', 'core'],
  bench: ['client', 'host-mesh', 'testkit', 'protocol', 'core'],
  soak: ['client', 'contract'],
  fuzz: ['protocol'],
  scripts: ['part'],
};
const packages = ['core', 'part', 'protocol', 'host-mesh', 'contract', 'client', 'testkit', 'db'];
const apps = ['agent', 'api', 'web', 'cli'];
/** Tests may also use these. */
const testOnly: Record<string, string[]> = {
  'packages/host-mesh': ['testkit'],
  'apps/api': ['client', 'testkit'],
  fuzz: ['db'],
};

const importRule = (allowed: readonly string[]) =>
  ({
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
  }) as const;

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/testing/**'];

/** What the React compiler refuses. */
const compilerRules = [
  'static-components',
  'use-memo',
  'preserve-manual-memoization',
  'incompatible-library',
  'immutability',
  'globals',
  'refs',
  'set-state-in-effect',
  'error-boundaries',
  'purity',
  'set-state-in-render',
  'unsupported-syntax',
];

export default defineConfig({
  plugins: ['eslint', 'typescript', 'import', 'oxc', 'react'],
  options: { typeAware: true },
  categories: { correctness: 'error' },
  ignorePatterns: [
    '**/node_modules/',
    '**/.next/',
    '**/generated/',
    '.hostmesh/',
    '**/next-env.d.ts',
    '**/test-results/',
  ],
  rules: {
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 80 }],
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'no-console': 'error',
    eqeqeq: 'error',
    'no-case-declarations': 'error',
    'no-empty': 'error',
    'no-fallthrough': 'error',
    'no-prototype-builtins': 'error',
    'no-regex-spaces': 'error',
    'no-unreachable': 'error',
    'no-unused-expressions': 'error',
    'no-useless-assignment': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'typescript/consistent-type-imports': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/no-empty-object-type': 'error',
    'typescript/no-namespace': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-unsafe-function-type': 'error',
    // Methods of objects that are no class instances are handed on here, and texts are made of what tests know.
    'typescript/unbound-method': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/restrict-template-expressions': 'off',
    'typescript/require-array-sort-compare': 'off',
  },
  overrides: [
    ...Object.entries(mayImport).flatMap(([folder, allowed]) => [
      { files: [`${folder}/**/*.{ts,tsx}`], rules: importRule(allowed) },
      {
        files: tests.map((glob) => `${folder}/${glob}`),
        rules: importRule([...allowed, ...(testOnly[folder] ?? [])]),
      },
    ]),
    // Its process, which no browser gets to see.
    { files: ['apps/web/server/**'], rules: importRule(['contract', 'core', 'part']) },
    {
      files: ['apps/web/**/*.{ts,tsx}'],
      rules: {
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        ...Object.fromEntries(compilerRules.map((rule) => [`react/${rule}`, 'error'] as const)),
      },
    },
    {
      files: [...tests, 'e2e/**'],
      rules: { 'max-lines': ['error', { max: 600 }], 'max-lines-per-function': 'off' },
    },
    {
      files: [
        'scripts/**',
        'bench/**',
        'soak/main.ts',
        'fuzz/main.ts',
        'apps/cli/**',
        'packages/testkit/src/sim-hosts/**',
        '**/main.ts',
        '**/*.main.ts',
        '**/*.mjs',
      ],
      rules: { 'no-console': 'off' },
    },
  ],
});
