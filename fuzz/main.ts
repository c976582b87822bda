// `pnpm test:fuzz`: an API and agents under what nobody sends who means well, as much of it as is told.
import { readFuzzOptions } from './fuzz-options.ts';
import { runFuzz } from './run-fuzz.ts';

const options = readFuzzOptions(process.argv.slice(2));
if ('say' in options) {
  process.stderr.write(options.say);
  process.exitCode = options.code;
} else {
  const { seed, requests, frames, agents } = options;
  const again = `pnpm test:fuzz --seed ${seed} --requests ${requests} --frames ${frames} --agents ${agents}`;
  console.log(`Seed ${seed}: ${again}`);
  // Whoever ends it early gets what it found so far, and nothing is left running.
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ended.abort());
  const report = await runFuzz(options, { say: (line) => console.log(line), signal: ended.signal });
  const statuses = [...report.statuses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`);
  console.log(
    `${report.requests} requests (${statuses.join(', ')}), ${report.connections} connections to agents`,
  );
  if (report.wrong.length === 0) console.log('Everything was answered as it must be.');
  else {
    console.log(
      `${report.wrong.length} were not. The logs of all parts are in ${report.dir}. Repeat it: ${again}`,
    );
    process.exitCode = 1;
  }
}
