import { readFileSync } from 'node:fs';
import type { Proc } from '@hostmesh/contract';
import { expect, onTestFinished } from 'vitest';
import type { TestApi, TestReply } from './test-api.ts';

type Sender = Pick<TestApi, 'send'>;

/** Attaches, in the place of a mesh of the name that has other hosts; the id of the mesh. */
export async function attachTo(
  { send }: Sender,
  hosts: readonly string[],
  config: object = {},
  mesh = 'train',
): Promise<string> {
  const attached = await send('POST', '/attach-attempts', { mesh, hosts, config, replace: true });
  expect(attached).toMatchObject({ status: 201 });
  return attached.body.meshId;
}

/** As `attachTo`, and gives the hosts back after the test: for hosts that tests share, one after the other. */
export async function borrowMesh(
  api: Sender,
  hosts: readonly string[],
  config: object = {},
): Promise<string> {
  const meshId = await attachTo(api, hosts, config);
  giveBack(api, meshId);
  return meshId;
}

/** Gives the hosts of a mesh back after the test. */
export const giveBack = ({ send }: Sender, meshId: string): void =>
  onTestFinished(async () => {
    await send('POST', `/meshes/${meshId}/stop`);
  });

/** A shell as a proc's program; the script is its argument. */
export const shellCommand = (script: string) => ({ program: 'sh', args: ['-c', script] });

/** Spawns as the body says, `sleep 60` where it does not. */
export const spawnOn = (
  { send }: Sender,
  meshId: string,
  body: object = {},
  headers: object = {},
): Promise<TestReply> =>
  send(
    'POST',
    `/meshes/${meshId}/proc-meshes`,
    { name: 'workers', command: { program: 'sleep', args: ['60'] }, ...body },
    headers,
  );

/** Every proc of a proc mesh, in rank order. */
export async function procsOf({ send }: Sender, id: string): Promise<Proc[]> {
  return (await send('GET', `/proc-meshes/${id}/procs?limit=1000`)).body.items;
}

/** Whether the process runs: one that has ended and was not waited for does not. */
export function runs(pid: number | null): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the state may hold anything, parentheses too.
    return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}
