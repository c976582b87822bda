import { createServer } from 'node:net';
import { portsOf, type StackSettings } from './stack-settings.ts';

/** One sentence per port that somebody else listens on. */
export async function takenPorts(settings: StackSettings): Promise<string[]> {
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

const POLL_MS = 100;

/** Asks until the URL answers 2xx or the signal fires; true when it answered, else what was last said against it. */
export async function answers(url: string, signal: AbortSignal): Promise<true | { readonly why: string }> {
  let last: { readonly why: string } = { why: '' };
  while (!signal.aborted) {
    const asked = await ask(url, signal);
    if (asked === true) return true;
    if (asked !== null) last = asked;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return last;
}

/** Null: there was no answer. */
async function ask(url: string, signal: AbortSignal): Promise<true | { readonly why: string } | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
    if (!answer.ok) return { why: whyNot(await answer.json()) };
    await answer.body?.cancel();
    return true;
  } catch {
    return null;
  }
}

/** What a part says of itself: a problem's detail of the API, the disk of an agent. */
function whyNot(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  if ('detail' in body) return String(body.detail);
  return 'disk' in body ? String(body.disk) : '';
}
