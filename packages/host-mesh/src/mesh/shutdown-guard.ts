import type { EndOptions, HostEndOutcome } from './end-hosts.ts';

/** The part of a mesh that its guard needs. */
interface Guarded {
  readonly ended: boolean;
  shutdown(options: EndOptions): Promise<readonly HostEndOutcome[]>;
}

/** Options of `shutdownGuard`. */
export interface GuardOptions extends EndOptions {
  /** Told, before the scope is left, of the hosts that did not shut down; a scope that ends has no other result. */
  readonly onUndone?: (undone: readonly HostEndOutcome[]) => void;
}

/**
 * `await using guard = mesh.shutdownGuard()`: shuts the mesh down at the end of the scope, drain phase included,
 * waits for it, and says what it could not do. Ending the mesh before that disarms it. The reference's guard neither
 * drains nor waits nor tells (section 5.3).
 */
export class HostMeshShutdownGuard implements AsyncDisposable {
  readonly #mesh: Guarded;
  readonly #options: GuardOptions;

  constructor(mesh: Guarded, options: GuardOptions) {
    this.#mesh = mesh;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#mesh.ended) return;
    const outcomes = await this.#mesh.shutdown(this.#options);
    const undone = outcomes.filter(({ outcome }) => outcome !== 'done');
    if (undone.length > 0) this.#options.onUndone?.(undone);
  }
}
