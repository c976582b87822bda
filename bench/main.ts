// `pnpm bench`: how fast and how large the product is. Progress goes to stderr, one JSON object to stdout.
import { agentRss } from './agent-rss-command.ts';
import { attach } from './attach-command.ts';
import { parseBenchOptions, type BenchCommand } from './bench-command.ts';
import { deadline } from './deadline-command.ts';
import { procs } from './procs/procs-command.ts';

const BAD_USAGE = 2;
const commands: Readonly<Record<string, BenchCommand>> = { attach, deadline, procs, 'agent-rss': agentRss };

// An exit, unlike the death by a signal, takes along what was started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    console.error(`ended by ${signal}`);
    process.exit(1);
  });
}

const [name, ...args] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];
if (command === undefined) {
  const list = Object.entries(commands).map(([each, { usage }]) => `  pnpm bench ${each} ${usage}`);
  console.log(`Benchmarks (design section 10):\n\n${list.join('\n\n')}`);
  if (name !== undefined) process.exitCode = BAD_USAGE;
} else {
  const options = parseBenchOptions(command, args);
  if (options.ok) console.log(JSON.stringify(await command.run(options.value, process.env.PATH ?? '')));
  else {
    console.error(options.fault.message);
    process.exitCode = BAD_USAGE;
  }
}
