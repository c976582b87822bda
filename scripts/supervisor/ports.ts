import { createServer } from 'node:net';
import { portsOf, type Settings } from './settings.ts';

/** One sentence per port that somebody else listens on. */
export async function takenPorts(settings: Settings): Promise<string[]> {
  const taken = await Promise.all(
    portsOf(settings).map(async ({ port, setting }) =>
      (await isFree(port))
        ? []
        : [`Port ${port} is taken. Stop what listens there, or set ${setting} to another port.`],
    ),
  );
  return taken.flat();
}

/** A port that nobody listens on now, chosen by the system. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
