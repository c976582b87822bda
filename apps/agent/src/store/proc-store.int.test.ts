import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newProc, type AgentProc } from '../proc/agent-proc.ts';
import { revived } from './revive.ts';
import { stepProc } from '../proc/step-proc.ts';
import type { ProcEvent } from '../proc/proc-event.ts';
import { factsOf, specOf } from '../testing/proc-fixtures.ts';
import { ProcStore } from './proc-store.ts';

let dataDir = '';
let faults: unknown[] = [];
let store: ProcStore;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'proc-store-'));
  faults = [];
  store = new ProcStore(dataDir, { began: (error) => faults.push(error), over: () => faults.push('over') });
});
afterEach(() => {
  expect(faults).toEqual([]);
  rmSync(dataDir, { recursive: true });
});

const trash = () => readdirSync(join(dataDir, 'trash'));
const restart = { policy: 'always', limit: 5, backoffMs: 10, maxBackoffMs: 10, resetAfterMs: 1 } as const;
const fresh = newProc(factsOf(specOf('p', { restart, readiness: { kind: 'descriptor' } })), 1000);
const context = { nowMs: 2000, random: 0.5, stepMs: 100 };
const after = (proc: AgentProc, ...events: ProcEvent[]) =>
  events.reduce((current, event) => stepProc(current, event, context)[0], proc);
const started: ProcEvent = { kind: 'started', pid: 42, startTicks: 7, configDigest: null, adopted: false };
const requested: ProcEvent = { kind: 'stop', stop: { cause: 'requested', causeText: 'x', stepMs: 50 } };
const lost: ProcEvent = { kind: 'lost', stderrTail: [], leftover: 0 };

test('an id that is forgotten and used again keeps what is new', async () => {
  for (let round = 0; round < 20; round += 1) {
    store.create(fresh.facts);
    for (let index = 0; index < 20; index += 1) writeFileSync(join(store.dirOf('p'), `old-${index}`), 'x');
    store.remove('p');
    expect(store.create(fresh.facts)).toBe(true);
    expect(store.save(fresh, [])).toBe(true);
  }
  await expect.poll(trash).toEqual([]);
  expect(readdirSync(store.dirOf('p')).sort()).toEqual(['report.json', 'spec.json']);
  expect(store.load().map(({ facts }) => facts)).toEqual([fresh.facts]);
});

test('what was never written is forgotten without a word, and leftovers of the trash go at the next start', async () => {
  store.remove('never');
  mkdirSync(join(dataDir, 'trash/left/over'), { recursive: true });
  expect(store.load()).toEqual([]);
  await expect.poll(trash).toEqual([]);
  expect(existsSync(join(dataDir, 'procs'))).toBe(false);
});

test.each([
  ['it is stopped for not being ready', [started, { kind: 'timer', timer: 'ready' }, requested]],
  [
    'it ends by itself',
    [started, { kind: 'exited', exit: { code: 1, signal: null, coreDumped: false } }, requested],
  ],
  ['it is being started', [requested]],
] as readonly [string, ProcEvent[]][])(
  'a wish for its end while %s holds for the next agent',
  (_what, events) => {
    const proc = after(fresh, ...events);
    store.create(proc.facts);
    store.save(proc, []);
    const [saved] = store.load();
    if (saved === undefined) throw new Error('nothing was saved');
    expect(after(revived(saved, 100), lost).state.kind).toBe('ended');
  },
);

test('a proc of an agent that knew no users is one that names none', () => {
  store.create(fresh.facts);
  store.save(fresh, []);
  const file = join(store.dirOf('p'), 'spec.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(',"runAs":null', ''));
  expect(readFileSync(file, 'utf8')).not.toBe(text);
  expect(store.load().map(({ facts }) => facts)).toEqual([fresh.facts]);
});

test('what could not be written is told to whoever asked for it, and once besides', () => {
  writeFileSync(join(dataDir, 'procs'), 'in the way');
  expect(store.create(fresh.facts)).toBe(false);
  expect(store.save(fresh, [])).toBe(false);
  expect(faults.splice(0)).toHaveLength(1);
});

test('that reports cannot be written is told once, and that they can be again', () => {
  expect(store.create(fresh.facts)).toBe(true);
  rmSync(store.dirOf('p'), { recursive: true });
  for (let time = 0; time < 3; time += 1) expect(store.save(fresh, [])).toBe(false);
  mkdirSync(store.dirOf('p'));
  for (let time = 0; time < 3; time += 1) expect(store.save(fresh, [])).toBe(true);
  expect(faults.splice(0)).toEqual([expect.objectContaining({ code: 'ENOENT' }), 'over']);
});
