/** Something that a signal can end. */
export interface Abortable {
  aborted(): void;
}

/** Who is to hear of a signal, and the one listener that tells them. */
interface Watch {
  readonly targets: Set<Abortable>;
  readonly listener: () => void;
}

const watched = new WeakMap<AbortSignal, Watch>();

/**
 * Calls `target.aborted()` when `signal` fires; the caller has looked at `signal.aborted` before. One push watches
 * one signal for thousands of connections, and removing a listener from an `AbortSignal` takes time linear in their
 * number, so all targets of a signal share one listener.
 */
export function watchAbort(signal: AbortSignal, target: Abortable): void {
  const known = watched.get(signal);
  if (known !== undefined) return void known.targets.add(target);
  const targets = new Set([target]);
  const listener = () => targets.forEach((each) => each.aborted());
  watched.set(signal, { targets, listener });
  signal.addEventListener('abort', listener, { once: true });
}

/** With the last target goes the listener: a composed signal that has one is kept by the signals it is made of. */
export function unwatchAbort(signal: AbortSignal, target: Abortable): void {
  const watch = watched.get(signal);
  if (watch?.targets.delete(target) !== true || watch.targets.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener('abort', watch.listener);
}
