import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@hostmesh/core/snapshot';
import type { ProcReport } from '@hostmesh/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alice, pushOf } from './testing/connect.ts';
import { startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';
import { isSoak } from './testing/soak.ts';

const bob = { clientId: 'bob', label: 'Bob' };
const attrsOf = (value: number) => ({ MAX_CAST_FANOUT: String(value) });
const restart = { policy: 'always', limit: 1000, backoffMs: 1, maxBackoffMs: 1, resetAfterMs: 0 } as const;

/** What the process of a report was really started with; null when it has ended. */
function environmentOf({ pid, procId }: ProcReport): ReadonlyMap<string, string> | null {
  try {
    const lines = readFileSync(`/proc/${String(pid)}/environ`, 'utf8').split('\0');
    const variables = new Map(lines.map((line) => line.split('=', 2) as [string, string]));
    return variables.get('HOSTMESH_PROC_ID') === procId ? variables : null;
  } catch {
    return null;
  }
}

/** One host in a storm, and what has been installed on it. */
class Storm {
  readonly #dataDir: string;
  #agent: ProcAgent;
  #epoch = 0;
  /** Digests that a client of the mesh has installed here, and the value that each of them has. */
  readonly installed = new Map<string, string>();

  private constructor(dataDir: string, agent: ProcAgent) {
    this.#dataDir = dataDir;
    this.#agent = agent;
  }

  static async begin(): Promise<Storm> {
    const dataDir = await mkdtemp(join(tmpdir(), 'config-storm-'));
    const storm = new Storm(dataDir, await startProcAgent({ dataDir }));
    await storm.push(1, alice);
    const configDigest = digestOf(attrsOf(1));
    for (const procId of ['steady', 'kept', 'flaky']) {
      const command = shell(procId === 'flaky' ? 'sleep 0.05' : 'exec sleep 1000');
      const spawn = { configDigest, keep: procId === 'kept', procMeshId: procId };
      await storm.#agent.spawn([specOf(procId, { command, restart })], spawn);
    }
    return storm;
  }

  async push(value: number, owner: typeof alice): Promise<void> {
    await this.#agent.ask(pushOf(++this.#epoch, attrsOf(value), owner), 'client_config_set');
    if (owner === alice) this.installed.set(digestOf(attrsOf(value)), String(value));
  }

  async undo(): Promise<void> {
    const request = { type: 'restore_client_config', id: 'r', epoch: this.#epoch } as const;
    await this.#agent.ask(request, 'client_config_restored');
  }

  async kill(): Promise<void> {
    this.#agent.process.child.kill('SIGKILL');
    await this.#agent.process.ended;
    this.#agent = await startProcAgent({ dataDir: this.#dataDir });
  }

  /** Every proc that runs has what its report says, and that was installed here by its own client. */
  async check(): Promise<void> {
    await this.#restarted();
    for (const report of await this.#procs()) {
      const variables = report.pid === null ? null : environmentOf(report);
      if (variables === null) continue;
      expect(variables.get('HOSTMESH_CONFIG_DIGEST')).toBe(report.configDigest);
      const value = this.installed.get(report.configDigest ?? '');
      expect(variables.get('HYPERACTOR_MESH_MAX_CAST_FANOUT')).toBe(value);
      expect(value).toBeDefined();
    }
  }

  /** With its own config, everything runs again. */
  async calm(): Promise<void> {
    await this.push(1, alice);
    for (const procId of ['steady', 'kept']) {
      const { generation } = await this.#proc(procId);
      await this.#agent.until(
        procId,
        (report) => report.generation >= generation && report.status.kind === 'Ready',
      );
    }
  }

  async #procs(): Promise<readonly ProcReport[]> {
    return (await this.#agent.ask({ type: 'list_procs', id: '' }, 'proc_states')).procs;
  }

  async #proc(procId: string): Promise<ProcReport> {
    const found = (await this.#procs()).find((each) => each.procId === procId);
    if (found === undefined) throw new Error(`no proc ${procId}`);
    return found;
  }

  /** The flaky proc has been started once more since now, or waits: from the middle of a start, it may wait next. */
  async #restarted(): Promise<void> {
    const { generation, waitsFor } = await this.#proc('flaky');
    const isNext = (report: ProcReport) =>
      (report.generation > generation && report.waitsFor !== null) ||
      (report.generation > generation + 1 && report.pid !== null);
    if (waitsFor === null) await this.#agent.until('flaky', isNext);
  }

  async end(): Promise<void> {
    await this.#agent.drain();
    await this.#agent[Symbol.asyncDispose]();
    await rm(this.#dataDir, { recursive: true });
  }
}

test('whatever is pushed, undone, taken over and killed, a proc that runs has the config that its report says, and never another client’s', async () => {
  const length = isSoak ? { minLength: 6, maxLength: 8 } : { minLength: 5, maxLength: 6 };
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), value: fc.integer({ min: 2, max: 5 }) }),
    fc.constantFrom({ kind: 'take_over' } as const, { kind: 'undo' } as const, { kind: 'kill' } as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, length), async (steps) => {
      const storm = await Storm.begin();
      try {
        for (const each of steps) {
          if (each.kind === 'push') await storm.push(each.value, alice);
          else if (each.kind === 'take_over') await storm.push(9, bob);
          else if (each.kind === 'undo') await storm.undo();
          else await storm.kill();
          await storm.check();
        }
        await storm.calm();
        await storm.check();
      } finally {
        await storm.end();
      }
    }),
    { numRuns: isSoak ? 5 : 1, endOnFailure: true },
  );
});

test('a restart whose config is gone waits, says so, and goes on with what its client pushes next', async () => {
  await using agent = await startProcAgent();
  await agent.ask(pushOf(1, attrsOf(1)), 'client_config_set');
  const spec = specOf('p', { restart });
  const refused = { configDigest: digestOf(attrsOf(2)), procMeshId: 'other' };
  await expect(agent.spawn([specOf('q')], refused)).rejects.toThrow(/config_missing.*sha256:/);

  await agent.spawn([spec], { configDigest: digestOf(attrsOf(1)) });
  const { pid } = await agent.until('p', ({ status }) => status.kind === 'Ready');
  await agent.ask(pushOf(2, attrsOf(9), bob), 'client_config_set');
  process.kill(pid ?? 0, 'SIGKILL');
  const held = await agent.until('p', ({ waitsFor }) => waitsFor !== null);
  expect(held).toMatchObject({ status: { kind: 'Starting' }, pid: null, restarts: { nextAt: null } });
  expect(held.waitsFor).toMatch(
    /^needs config sha256:\w{12}… of its mesh; its host holds sha256:\w{12}… of Bob$/,
  );

  const configDigest = digestOf(attrsOf(3));
  await agent.ask(pushOf(3, attrsOf(3)), 'client_config_set');
  const again = await agent.until('p', (report) => report.restarts.count === 1 && report.pid !== null);
  expect(again).toMatchObject({ configDigest, waitsFor: null });
});
