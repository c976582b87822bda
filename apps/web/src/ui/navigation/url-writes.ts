/** The URL is written when typing pauses: browsers refuse many changes in a row. */
const WRITE_DELAY_MS = 200;
/** A navigation that has not changed the URL by then is taken for failed. */
const LEAVE_MS = 5000;

/** The window, as far as writing its URL needs it. */
export interface UrlPort {
  readonly href: () => string;
  readonly replace: (url: URL) => void;
}

/** Writes parameters of the URL a little later, and never over a navigation. */
export interface UrlWrites {
  /** Writes `value` when typing pauses; an empty one takes the parameter out. The returned function cancels it. */
  put(name: string, value: string, onWritten: () => void): () => void;
  /**
   * To be called right before a navigation: what waits is written now, so that Back finds it, and later writes wait
   * until the URL has changed. A write in between would put the old page's URL back, and so undo the navigation.
   */
  leave(): void;
}

interface Pending {
  timer: ReturnType<typeof setTimeout>;
  readonly write: () => void;
}

/** Writes of the URL of one window. */
export function createUrlWrites(port: UrlPort): UrlWrites {
  const pending = new Map<string, Pending>();
  let leaving: { readonly href: string; readonly untilMs: number } | null = null;

  const isLeaving = () =>
    leaving !== null && leaving.href === port.href() && performance.now() < leaving.untilMs;

  function attempt(name: string, entry: Pending): void {
    if (isLeaving()) {
      entry.timer = setTimeout(() => attempt(name, entry), WRITE_DELAY_MS);
      return;
    }
    if (pending.get(name) === entry) pending.delete(name);
    entry.write();
  }

  return {
    put(name, value, onWritten) {
      clearTimeout(pending.get(name)?.timer);
      const entry: Pending = {
        timer: setTimeout(() => attempt(name, entry), WRITE_DELAY_MS),
        write() {
          const url = new URL(port.href());
          if (value === '') url.searchParams.delete(name);
          else url.searchParams.set(name, value);
          onWritten();
          port.replace(url);
        },
      };
      pending.set(name, entry);
      return () => {
        clearTimeout(entry.timer);
        if (pending.get(name) === entry) pending.delete(name);
      };
    },
    leave() {
      // During a navigation nothing is written: that would bring the URL of the old page back.
      if (!isLeaving()) {
        for (const { timer, write } of pending.values()) {
          clearTimeout(timer);
          write();
        }
        pending.clear();
      }
      leaving = { href: port.href(), untilMs: performance.now() + LEAVE_MS };
    },
  };
}

/** The writes of this tab. */
export const urlWrites = createUrlWrites({
  href: () => window.location.href,
  replace: (url) => window.history.replaceState(null, '', url),
});
