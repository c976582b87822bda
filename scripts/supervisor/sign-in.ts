import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackSettings } from './stack-settings.ts';

const ASK_MS = 10_000;

/** Where a browser is signed in by opening it once, within 10 minutes; without a code, and said why, where none can be had. */
export async function signInUrl(
  { dataDir, apiPort, webPort }: StackSettings,
  say: (line: string) => void,
): Promise<string> {
  try {
    const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/v1/sign-in-codes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ASK_MS),
    });
    const made: unknown = await answer.json();
    if (typeof made === 'object' && made !== null && 'url' in made) return String(made.url);
    say(`there is no code to sign in with: ${JSON.stringify(made)}`);
  } catch (error) {
    say(`there is no code to sign in with: ${error instanceof Error ? error.message : String(error)}`);
  }
  return `http://localhost:${webPort}/sign-in`;
}

/** Calls `entered` for each line that somebody enters, until the signal fires. Leaves a terminal alone that is another's just now. */
export function onEnter(signal: AbortSignal, entered: () => void): void {
  const { stdin } = process;
  if (stdin.isTTY && !isInForeground()) return;
  stdin.setEncoding('utf8');
  stdin.on('data', (text: string) => text.includes('\n') && entered());
  stdin.on('error', () => undefined);
  stdin.unref?.();
  signal.addEventListener('abort', () => stdin.pause(), { once: true });
}

/** A job in the background that reads is stopped by the terminal. */
function isInForeground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // Of proc(5): after the state and the parent come the process group, the session, the terminal and its group in front.
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}
