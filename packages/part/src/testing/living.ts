// A part that does nothing but live: says what it hears, and ends in order.
import { once } from 'node:events';
import { livePart } from '../life/part-life.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const reload = process.argv.includes('reload') ? { reload: () => void say('read again') } : {};
const life = livePart({
  heard: (event) => say('signal' in event ? `${event.kind} ${event.signal}` : event.kind),
  exitWithinMs: 30_000,
  ...reload,
});
process.stdin.once('data', (what) => {
  if (String(what).startsWith('throw')) throw new Error('oh');
  void Promise.reject(new Error('oh'));
});
const alive = setInterval(() => undefined, 1000);
say('lives');
await once(life.stop, 'abort');
say(`because of ${String(life.stop.reason)}`);
clearInterval(alive);
process.stdin.destroy();
process.exitCode = life.exitCode;
