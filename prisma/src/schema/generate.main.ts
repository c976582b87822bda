// Generates the typed client into src/generated, unless it is there already for this schema and this Prisma.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const cli = new URL('build/index.js', import.meta.resolve('prisma/package.json'));
const stamp = new URL('src/generated/.made-from', root);

const inputs = [new URL('schema.prisma', root), new URL('package.json', root)].map((file) =>
  readFileSync(file),
);
const madeFrom = createHash('sha256').update(Buffer.concat(inputs)).digest('hex');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom) process.exit(0);

const { status } = spawnSync(process.execPath, [fileURLToPath(cli), 'generate', '--no-hints'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    // The CLI downloads its schema engine before anything else, unless it is told of one. Generating runs none:
    // any executable will do.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
  },
});
if (status === 0) writeFileSync(stamp, madeFrom);
process.exit(status ?? 1);
