import type { EndOptions } from './end-options.ts';

/** The part of a mesh that its guard needs. */
interface Guarded {
  readonly ended: boolean;
  shutdown(options: EndOptions): Promise<unknown>;
}

/**
 * `await using guard = mesh.shutdownGuard()`: shuts the mesh down at the end of the scope, drain phase included,
 * and waits for it. Ending the mesh before that disarms it. The reference's guard neither drains nor waits.
 */
export class HostMeshShutdownGuard implements AsyncDisposable {
  readonly #mesh: Guarded;
  readonly #options: EndOptions;

  constructor(mesh: Guarded, options: EndOptions) {
    this.#mesh = mesh;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#mesh.ended) await this.#mesh.shutdown(this.#options);
  }
}
