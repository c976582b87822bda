import type { LineSplitter } from './line-splitter.ts';

/** A line that has not ended for so long is shown as far as it is. */
const SHOW_AFTER_MS = 200;

/**
 * Shows the line that a stream has begun and not ended: a prompt, a progress bar. It is shown a moment after it began, and
 * at most once in that time however often it changes; a line that is whole by then is not shown before.
 */
export class PendingLine {
  readonly #splitter: LineSplitter;
  readonly #show: (text: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #isShown = false;

  constructor(splitter: LineSplitter, show: (text: string) => void) {
    this.#splitter = splitter;
    this.#show = show;
  }

  /** Bytes have come. `hasEnded`: lines were logged with them, which takes back what was shown. */
  changed(hasEnded: boolean): void {
    if (hasEnded) this.stop();
    if (this.#splitter.pending.length === 0 && !this.#isShown) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const text = this.#splitter.pendingText;
      this.#isShown = text !== '';
      this.#show(text);
    }, SHOW_AFTER_MS).unref();
  }

  /** Nothing is shown of what has come so far. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isShown = false;
  }
}
