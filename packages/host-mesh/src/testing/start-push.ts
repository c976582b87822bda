import { HostLinks } from '../links/host-links.ts';
import { pushConfig } from '../push/push-config.ts';
import type { PushOptions } from '../push/push-options.ts';
import { localTargets, type fakeWorld } from './fixtures.ts';

/** A push to `count` fake hosts that has been started, and its result once there is one. */
export function startPush(
  world: ReturnType<typeof fakeWorld>,
  count: number,
  more: Partial<PushOptions> = {},
  links = new HostLinks(),
) {
  let result: Awaited<ReturnType<typeof pushConfig>> | null = null;
  const done = pushConfig('attach', localTargets(count), links, world.options(more)).then((value) => {
    result = value;
  });
  return {
    links,
    done,
    result: () => result,
    /** The result as a failure. */
    fault() {
      if (result === null || result.ok) throw new Error('the push has not failed');
      return result.fault;
    },
  };
}
