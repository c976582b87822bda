import type { HostSlot } from '../rig/host-slot.ts';
import { procIdsOf, procProcesses, signal } from '../rig/proc-processes.ts';
import type { World } from '../world.ts';
import type { Act } from './act.ts';

const kindOf = (slot: HostSlot) => slot.state.kind;
const those = ({ slots }: World, ...kinds: string[]): HostSlot[] =>
  slots.filter((slot) => kinds.includes(kindOf(slot)));

/** Something happens to one of the agents in such a state. */
const toOne = (
  weight: number,
  kinds: string[],
  does: (slot: HostSlot, world: World) => Promise<void> | void,
  said: string,
): Act => ({
  weight,
  async run(world, random) {
    const slot = random.pick(those(world, ...kinds));
    if (slot === undefined) return null;
    await does(slot, world);
    return `${said} ${slot.name}`;
  },
});

/** Longest offset of a clock, in milliseconds: hours, as of a machine in another time zone. */
const MAX_OFFSET_MS = 7_200_000;

/** What happens to agents, their disks and their procs. */
export const hostActs: Readonly<Record<string, Act>> = {
  'kill-agent': toOne(4, ['up', 'frozen'], (slot) => slot.end('SIGKILL'), 'killed'),
  'end-agent': toOne(2, ['up'], (slot) => slot.end('SIGTERM'), 'ended in order'),
  'start-agent': toOne(10, ['down'], (slot) => slot.start(), 'started'),
  'freeze-agent': toOne(2, ['up'], (slot) => slot.freeze(), 'froze'),
  'thaw-agent': toOne(6, ['frozen'], (slot) => slot.thaw(), 'thawed'),
  'replace-agent': {
    weight: 2,
    async run(world, random) {
      const slot = random.pick(
        // One that is new says that it has no room for its id, and ends.
        those(world, 'up', 'down').filter(
          ({ isReplaced, hostIds, disk }) => !isReplaced && hostIds.length > 0 && !disk.isFull(),
        ),
      );
      await slot?.replace();
      return slot === undefined ? null : `put another agent in the place of ${slot.name}`;
    },
  },
  'give-back': {
    weight: 3,
    async run(world, random) {
      const slot = random.pick(those(world, 'up', 'down').filter((each) => each.isReplaced));
      if (slot === undefined) return null;
      // What the other one runs ends with it.
      world.chronicle.ending(procIdsOf(slot.hostIds.at(-1)));
      await slot.giveBack();
      return `gave ${slot.name} back to the agent before`;
    },
  },
  'clone-agent': {
    weight: 1,
    async run(world, random) {
      const empty = world.slots.find((slot) => slot.hostIds.length === 0);
      const source = random.pick(those(world, 'up'));
      if (empty === undefined || source === undefined) return null;
      await source.copyTo(empty);
      if (empty.hostIds.at(-1) === source.hostIds.at(-1))
        world.blame(`${empty.name} is a copy of ${source.name}, and has its id`);
      return `copied ${source.name} to ${empty.name}`;
    },
  },
  'shift-clock': {
    weight: 2,
    async run(world, random) {
      const slot = random.pick(those(world, 'up', 'down', 'frozen'));
      const offset = random.below(2 * MAX_OFFSET_MS) - MAX_OFFSET_MS;
      slot?.shiftClock(offset);
      return `put the clock of ${slot?.name} off by ${Math.round(offset / 1000)} s`;
    },
  },
  'fill-disk': toOne(2, ['up'], (slot) => slot.disk.fill(), 'filled the disk of'),
  'free-disk': {
    weight: 4,
    async run({ slots }) {
      for (const { disk } of slots) disk.free();
      return 'freed all disks of agents';
    },
  },
  'kill-proc': {
    weight: 2,
    async run({ slots, chronicle }, random) {
      const found = random.pick(
        procProcesses((hostId) => slots.some((slot) => slot.hostIds.includes(hostId))),
      );
      if (found === undefined) return null;
      chronicle.ending([found.procId]);
      signal([found.pid], 'SIGKILL');
      return `killed process ${found.pid} of ${found.procId}`;
    },
  },
};
