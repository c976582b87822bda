import { routes, type ProcMeshView } from '@hostmesh/contract';
import type { Context } from '../context.ts';
import { failedRankText } from '../output/proc-text.ts';

/** As many ranks are named while others go on; how it ended says the rest. */
const MAX_TOLD = 20;

/** Says, while procs are waited for, which ranks have failed for good: each once, as soon as that is known. */
export class FailedRanks {
  readonly #context: Context;
  readonly #told = new Set<number>();
  #asking: Promise<void> | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Looks at a proc mesh as it is now. */
  look({ id, ends }: Pick<ProcMeshView, 'id' | 'ends'>): void {
    if (ends.failed + ends.lost <= this.#told.size || this.#told.size >= MAX_TOLD) return;
    this.#asking ??= this.#tell(id).finally(() => (this.#asking = null));
  }

  /** Resolves when what was looked at has been told. */
  async told(): Promise<void> {
    await this.#asking;
  }

  async #tell(id: string): Promise<void> {
    const { client, err, signal } = this.#context;
    const query = { status: 'Failed' as const, limit: 1000 };
    const failed = await client.call(routes.listMeshProcs, { params: { id }, query, signal });
    if (!failed.ok) return;
    for (const proc of failed.value.items) {
      if (proc.end === null || this.#told.has(proc.rank)) continue;
      if (this.#told.size === MAX_TOLD) return err('… and more ranks failed');
      this.#told.add(proc.rank);
      err(failedRankText(proc));
    }
  }
}
