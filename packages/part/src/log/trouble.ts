/** What is told of trouble: each time once. */
export interface TroubleListener {
  began(error: unknown): void;
  over(): void;
}

/** Something that fails for a time, such as writing to a disk that is full: told of when it begins, and when it is over. */
export class Trouble {
  readonly #listener: TroubleListener;
  #error: unknown = null;

  constructor(listener: TroubleListener) {
    this.#listener = listener;
  }

  /** Why it fails now; null while it works. */
  get error(): unknown {
    return this.#error;
  }

  failed(error: unknown): void {
    const isNew = this.#error === null;
    this.#error = error;
    if (isNew) this.#listener.began(error);
  }

  worked(): void {
    if (this.#error === null) return;
    this.#error = null;
    this.#listener.over();
  }
}
