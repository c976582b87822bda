// Checks what no linter looks at: folders that import upwards, words with two meanings, files too small for a name.
// `node scripts/structure/main.ts apps/api` shows only what concerns a folder; with `--measure`, figures of all files.
import { join } from 'node:path';
import { checkLadders } from './check-ladders.ts';
import { checkNames, checkSizes } from './check-names.ts';
import { ladders } from './ladders.ts';
import { sharedNames } from './shared-names.ts';
import { isTest, readSources } from './sources.ts';

const [about = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const sources = readSources(join(import.meta.dirname, '../..'));
const problems = [
  ...checkLadders(sources, ladders),
  ...checkNames(sources, sharedNames),
  ...checkSizes(sources),
].filter((problem) => problem.includes(about));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

if (process.argv.includes('--measure')) {
  const lines = sources
    .filter(({ path }) => !isTest(path))
    .map(({ text }) => text.split('\n').length - 1)
    .toSorted((a, b) => a - b);
  const at = (share: number) => lines[Math.floor(share * (lines.length - 1))];
  const short = lines.filter((count) => count < 15).length;
  console.log(
    `${lines.length} source files: median ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}, ${short} under 15 lines`,
  );
}
