import { readProcesses } from './processes.ts';
import { sendSignal } from './processes.ts';

const LOOK_EVERY_MS = 20;
/** A look through all of /proc costs milliseconds, so that it is shared by all who wait, and rarer. */
const SCAN_EVERY_MS = 100;
/** On a machine with many processes a look takes longer, and comes the more rarely. */
const SCAN_SHARE = 0.2;

/** Tells when process groups are gone. One timer for all of them, which runs while somebody waits. */
export class GroupWatch {
  readonly #waiting = new Map<number, Set<() => void>>();
  #timer: NodeJS.Timeout | null = null;
  #scansFromMs = 0;

  /** Resolves with true when the group has no member but zombies, with false when the signal fires before. */
  gone(groupId: number, signal?: AbortSignal): Promise<boolean> {
    if (!sendSignal(-groupId, 0)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(groupId) ?? new Set();
      const end = (isGone: boolean) => {
        waiters.delete(done);
        if (waiters.size === 0) this.#waiting.delete(groupId);
        signal?.removeEventListener('abort', giveUp);
        resolve(isGone);
      };
      const done = () => end(true);
      const giveUp = () => end(false);
      waiters.add(done);
      this.#waiting.set(groupId, waiters);
      if (signal?.aborted === true) return giveUp();
      signal?.addEventListener('abort', giveUp);
      this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    });
  }

  /** Looks at once, at the price of a look through all of /proc when somebody takes the signal. */
  isGone(groupId: number): boolean {
    if (!sendSignal(-groupId, 0)) return true;
    const alive = livingGroups();
    return alive.size > 0 && !alive.has(groupId);
  }

  #look(): void {
    for (const groupId of this.#waiting.keys()) if (!sendSignal(-groupId, 0)) this.#settle(groupId);
    const nowMs = performance.now();
    if (this.#waiting.size > 0 && nowMs >= this.#scansFromMs) {
      // Zombies take signals as well, and where nobody waits for orphans they stay.
      const alive = livingGroups();
      const endMs = performance.now();
      this.#scansFromMs = endMs + Math.max(SCAN_EVERY_MS, (endMs - nowMs) / SCAN_SHARE);
      for (const groupId of this.#waiting.keys())
        if (alive.size > 0 && !alive.has(groupId)) this.#settle(groupId);
    }
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #settle(groupId: number): void {
    for (const done of [...(this.#waiting.get(groupId) ?? [])]) done();
  }
}

/** Groups that have a member which is no zombie; empty where the system does not tell. */
function livingGroups(): ReadonlySet<number> {
  return new Set(readProcesses().flatMap((each) => (each.isZombie ? [] : [each.groupId])));
}
