// Preloaded into a part whose program is not ours: what would end it at once ends it as SIGTERM does, and what would be
// a bug of it is said before it ends.
import { ignoredSignals, stopSignals } from '@hostmesh/part';

for (const signal of stopSignals) {
  if (signal !== 'SIGTERM' && signal !== 'SIGINT') listen(signal, () => process.kill(process.pid, 'SIGTERM'));
}
for (const signal of ignoredSignals) listen(signal, () => undefined);
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

function listen(signal, listener) {
  try {
    process.on(signal, listener);
  } catch {
    // This system has no such signal.
  }
}
