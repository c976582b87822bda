import { routes, type AttachRequest, type Attempt } from '@hostmesh/contract';
import { NOTICE_MS } from '../model/laws.ts';
import type { World } from '../world.ts';

/** Asks what an attach would end, and takes it as said: nothing else may end. */
export async function expectEndsOf(world: World, body: AttachRequest): Promise<void> {
  const said = await world.product.client.call(routes.preflight, { body });
  if (!said.ok) return;
  world.chronicle.ending(said.value.replaces?.procMeshes.map(({ id }) => id) ?? []);
}

/**
 * Looks which hosts can't be reached now, and gives what checks that an attempt has blamed exactly those (HM-4). Where
 * nobody can tell how a host will answer, or the product itself was just in trouble, nothing is checked.
 */
export function exactBlame(world: World, hosts: readonly string[]): (attempt: Attempt) => void {
  const slots = world.slots.filter(({ address }) => hosts.includes(address));
  const uncertain =
    slots.some(({ disk }) => disk.isFull()) || Date.now() - world.chronicle.disturbedAt < NOTICE_MS;
  const absent = slots.filter(({ state }) => state.kind !== 'up').map(({ address }) => address);
  return ({ id, state, failures }) => {
    if (uncertain || (state !== 'failed' && state !== 'attached')) return;
    const blamed = failures.map(({ address }) => address).toSorted();
    if (JSON.stringify(blamed) !== JSON.stringify(absent.toSorted()))
      world.blame(
        `${id} blames ${blamed.join(', ') || 'nobody'}, and ${absent.join(', ') || 'nobody'} was not there`,
      );
  };
}
