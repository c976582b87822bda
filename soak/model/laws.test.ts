import type { AttemptSummary, MeshHost, Proc } from '@hostmesh/contract';
import { aMesh, aProc, aProcMesh, anAttempt } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import type { ProcProcess } from '../rig/proc-processes.ts';
import { Chronicle } from './chronicle.ts';
import { broken, NOTICE_MS } from './laws.ts';
import { MARKER_VARIABLE, type Look, type SlotLook, type Told } from './look.ts';

const NOW = 1_800_000_000_000;
const HOST = 'host_1';
const aSlot: SlotLook = {
  name: 'agent-1',
  address: 'tcp:127.0.0.1:26600',
  state: { kind: 'up', since: NOW - 10 * NOTICE_MS },
  hostIds: [HOST],
  replacedAt: 0,
  downAt: 0,
};
const aProcess: ProcProcess = {
  pid: 7,
  startTicks: '1',
  procId: 'p',
  hostId: HOST,
  config: { [MARKER_VARIABLE]: '5' },
};
const nothing: Told = { attempts: [], meshes: [], hosts: new Map(), procMeshes: [], procs: [] };

const aLook = (changes: Partial<Look> = {}): Look => {
  const after = changes.after ?? [];
  return { at: NOW, slots: [aSlot], before: after, after, told: nothing, supervisorLives: true, ...changes };
};
const telling = (changes: Partial<Told>): Look => aLook({ told: { ...nothing, ...changes } });
const runs = (changes: Partial<Proc> = {}): Proc =>
  aProc({
    id: 'p',
    procMeshId: 'pm',
    pid: 7,
    hostId: HOST,
    status: 'Running',
    configDigest: null,
    ...changes,
  });

/** A chronicle of these looks, with a push of marker 5 to the one host. */
function after(...looks: Look[]): Chronicle {
  const chronicle = new Chronicle();
  chronicle.pushing('5', [aSlot.address]);
  for (const look of looks) chronicle.remember(look);
  return chronicle;
}

test('nothing is broken where nothing happens', () => {
  const look = aLook({ after: [aProcess], told: { ...nothing, procs: [runs()] } });
  expect(broken(look, after(look))).toEqual([]);
});

test('an attempt that is attached without all of its hosts is found', () => {
  const counts = { ...anAttempt({}).counts, total: 2, installed: 1 };
  expect(broken(telling({ attempts: [anAttempt({ state: 'attached', counts })] }), after())).toHaveLength(1);
});

test('an attempt that has ended and changes, or is gone, is found', () => {
  const ended: AttemptSummary = anAttempt({ state: 'failed', finishedAt: '2026-11-28T00:00:00.000Z' });
  const before = telling({ attempts: [ended] });
  expect(broken(telling({ attempts: [{ ...ended, state: 'cancelled' }] }), after(before))).toHaveLength(1);
  expect(broken(telling({}), after(before))).toHaveLength(1);
  expect(broken(before, after(before))).toEqual([]);
});

test('a mesh or proc mesh that is gone is found', () => {
  const before = telling({ meshes: [aMesh({})], procMeshes: [aProcMesh({})] });
  expect(broken(telling({}), after(before))).toHaveLength(2);
});

test('a host that is called healthy long after its agent has ended is found, and one that has just ended is not', () => {
  const host = { address: aSlot.address, health: 'healthy', hostId: HOST } as MeshHost;
  const down = (since: number): Look => ({
    ...telling({ hosts: new Map([['m', [host]]]) }),
    slots: [{ ...aSlot, state: { kind: 'down', since, asked: true } }],
  });
  expect(broken(down(NOW - 2 * NOTICE_MS), after())).toHaveLength(1);
  expect(broken(down(NOW - 1), after())).toEqual([]);
});

test('a host that is called healthy as another than is there is found', () => {
  const host = { address: aSlot.address, health: 'healthy', hostId: 'host_0' } as MeshHost;
  expect(broken(telling({ hosts: new Map([['m', [host]]]) }), after())).toHaveLength(1);
});

test('a proc that is said to run long after its process has ended is found', () => {
  const gone = (at: number): Look => ({ ...telling({ procs: [runs()] }), at });
  const chronicle = after(gone(NOW - 2 * NOTICE_MS));
  chronicle.ending(['p']);
  expect(broken(gone(NOW), chronicle)).toHaveLength(1);
  expect(broken(gone(NOW - NOTICE_MS), chronicle)).toEqual([]);
});

test('a process without pushed config, with that of a stranger, or another than its record says is found', () => {
  const has = (config: ProcProcess['config'], configDigest: string | null = null): Look =>
    aLook({ after: [{ ...aProcess, config }], told: { ...nothing, procs: [runs({ configDigest })] } });
  const chronicle = after();
  chronicle.markerOfDigest.set('sha256:5', '5').set('sha256:6', '6');
  expect(broken(has({}), chronicle)).toHaveLength(1);
  expect(broken(has({ [MARKER_VARIABLE]: '4' }), chronicle)).toHaveLength(1);
  expect(broken(has({ [MARKER_VARIABLE]: '5' }, 'sha256:6'), chronicle)).toHaveLength(1);
  expect(broken(has({ [MARKER_VARIABLE]: '5' }, 'sha256:5'), chronicle)).toEqual([]);
});

test('a process that ends although nobody said so is found', () => {
  const running = aLook({ after: [aProcess], told: { ...nothing, procs: [runs()] } });
  expect(broken(telling({ procs: [runs()] }), after(running))).toHaveLength(1);
  const asked = after(running);
  asked.ending(['pm']);
  expect(broken(telling({ procs: [runs()] }), asked)).toEqual([]);
});

test('a process may end with its agent unless it was to outlive it', () => {
  const running = (keep: boolean): Look =>
    aLook({
      after: [aProcess],
      told: { ...nothing, procs: [runs()], procMeshes: [aProcMesh({ id: 'pm', keep })] },
    });
  const killed = (keep: boolean): Look => ({
    ...aLook({ told: running(keep).told }),
    slots: [{ ...aSlot, state: { kind: 'down', since: NOW, asked: true } }],
  });
  expect(broken(killed(false), after(running(false)))).toEqual([]);
  expect(broken(killed(true), after(running(true)))).toHaveLength(1);
});

test('an agent that ends by itself, and a supervisor that does, are found', () => {
  const slots = [{ ...aSlot, state: { kind: 'down', since: NOW, asked: false } as const }];
  expect(broken(aLook({ slots, supervisorLives: false }), after())).toHaveLength(2);
});
