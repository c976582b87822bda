/** Something that a signal can end. */
export interface Abortable {
  aborted(): void;
}

const watched = new WeakMap<AbortSignal, Set<Abortable>>();

/**
 * Calls `target.aborted()` when `signal` fires; the caller has looked at `signal.aborted` before. One push watches
 * one signal for thousands of connections, and removing a listener from an `AbortSignal` takes time linear in their
 * number, so all targets of a signal share one listener.
 */
export function watchAbort(signal: AbortSignal, target: Abortable): void {
  let targets = watched.get(signal);
  if (targets === undefined) {
    const fresh = new Set<Abortable>();
    watched.set(signal, (targets = fresh));
    signal.addEventListener('abort', () => fresh.forEach((each) => each.aborted()), { once: true });
  }
  targets.add(target);
}

export function unwatchAbort(signal: AbortSignal, target: Abortable): void {
  watched.get(signal)?.delete(target);
}
