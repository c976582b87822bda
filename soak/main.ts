// `pnpm test:soak`: the whole product under everything that can happen to it, for as long as it is told.
import { actNames, runSoak } from './run-soak.ts';
import { readOptions } from './soak-options.ts';

const options = readOptions(process.argv.slice(2));
if ('say' in options) {
  process.stderr.write(options.say);
  process.exitCode = options.code;
} else {
  const unknown = options.without.find((name) => !actNames.includes(name));
  if (unknown === undefined) process.exitCode = await soak(options);
  else {
    console.error(`--without ${unknown}: there is no such act. There are ${actNames.join(', ')}.`);
    process.exitCode = 2;
  }
}

async function soak(given: Exclude<typeof options, { say: string }>): Promise<number> {
  const started = Date.now();
  const say = (line: string): void => console.log(`${((Date.now() - started) / 1000).toFixed(1)} s  ${line}`);
  const again = `pnpm test:soak --seed ${given.seed} --agents ${given.agents} --minutes ${given.minutes}`;
  console.log(`Seed ${given.seed}: ${again}`);
  const report = await runSoak(given, say);
  console.log(`${report.acts} acts, ${report.rounds} times all given back, ${report.looks} looks`);
  if (report.broken.length === 0) {
    console.log('Every law held.');
    return 0;
  }
  for (const how of new Set(report.broken)) console.log(`BROKEN ${how}`);
  console.log(`The logs of all parts are in ${report.dir}. Repeat it: ${again}`);
  return 1;
}
