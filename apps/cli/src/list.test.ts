import { aMesh, aMeshHost, anAttempt, aProc, aProcMesh, aResult } from '@hostmesh/contract/testing';
import { describe, expect, test } from 'vitest';
import { page, runWith, type Answers } from './testing/stand-in-api.ts';

const TOTAL = 1027;

/** A list of `TOTAL` items that is answered in pages, as large as they are asked for up to 1,000. */
const long = (item: (rank: number) => object): Answers[string] => {
  return ({ query }) => {
    const from = Number(query.cursor ?? 0);
    const to = Math.min(TOTAL, from + Number(query.limit));
    const items = Array.from({ length: to - from }, (_, index) => item(from + index));
    return { items, nextCursor: to < TOTAL ? String(to) : null, total: TOTAL };
  };
};
const found = { 'GET /meshes': page(aMesh()), 'GET /proc-meshes': page(aProcMesh()) };

/** Every command that lists: what it is called with, how many it shows unless told otherwise, and what it asks for. */
const lists: readonly [string, number, Answers][] = [
  ['meshes list', 50, { 'GET /meshes': long((rank) => aMesh({ id: `mesh_${rank}` })) }],
  ['attempts list', 20, { 'GET /attach-attempts': long((rank) => anAttempt({ id: `att_${rank}` })) }],
  ['ps', 200, { 'GET /procs': long((rank) => aProc({ rank })) }],
  ['ps workers', TOTAL, { ...found, 'GET /proc-meshes/pm_1/procs': long((rank) => aProc({ rank })) }],
  ['hosts train', TOTAL, { ...found, 'GET /meshes/mesh_1/hosts': long((rank) => aMeshHost({ rank })) }],
  ['attempts hosts att_1', TOTAL, { 'GET /attach-attempts/att_1/hosts': long((rank) => aResult({ rank })) }],
];

describe.each(lists)('%s', (command, usual, answers) => {
  const list = (...options: string[]) => runWith(answers, [...command.split(' '), ...options]);
  const rowsOf = (out: string) => out.split('\n').length - 1;
  const itemsOf = (out: string): unknown[] => {
    const read = JSON.parse(out);
    return Array.isArray(read) ? read : read.items;
  };

  test(`shows ${usual} and says of how many, unless they are all`, async () => {
    const { out } = await list();
    if (usual === TOTAL) expect(rowsOf(out)).toBe(TOTAL);
    else expect(out).toContain(`\n${usual} of 1,027. All of them: --all`);
  });

  test('shows as many as --limit says, over several pages too, and all of them with --all', async () => {
    for (const limit of [1, 3, 1001]) {
      const { out } = await list('--limit', String(limit));
      expect(out.endsWith(`\n${limit.toLocaleString('en')} of 1,027. All of them: --all`)).toBe(true);
      expect(rowsOf(out)).toBe(limit + 1);
    }
    expect(rowsOf((await list('--all')).out)).toBe(TOTAL);
    expect((await list('--limit', '2000')).out).not.toContain('of 1,027');
  });

  test('is whole as JSON, and where it was to be cut says so beside it', async () => {
    const whole = await list('--json');
    expect([itemsOf(whole.out).length, whole.err]).toEqual([TOTAL, '']);
    const cut = await list('--json', '--limit', '7');
    expect(itemsOf(cut.out)).toHaveLength(7);
    expect(cut.err).toContain('7 of 1,027');
  });

  test.each(['0', '-1', 'many', '1e3', '1.5', ''])('refuses a limit of %j', async (limit) => {
    const { code, err } = await list(`--limit=${limit}`);
    expect(code).toBe(2);
    expect(err).toContain('--limit');
  });
});
