import { API_BASE, routes, type Route } from '@hostmesh/contract';
import { samplesOf } from '@hostmesh/contract/testing-samples';
import { shownLine, unseenInLines } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { runWith, type Answers } from './testing/stand-in-api.ts';

const hostile = '=1<b>\x1B[31m\x9B2J\x1B]8;;http://evil\x07\u202Egnp\u2067\0\uFEFF\nall well\r';

/** Answers every route of the contract with each field of its reply hostile; what is asked for by id or name is there. */
const answers: Answers = new Proxy<Answers>(
  {},
  {
    get: (_, asked) => () => {
      const [method, path = ''] = String(asked).split(' ');
      const route = Object.values<Route>(routes).find(
        (each) =>
          each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
      );
      if (route?.reply === undefined) throw new Error(`${String(asked)} of ${API_BASE} has no reply`);
      const [reply] = samplesOf(route.reply, hostile);
      return {
        ...Object(reply),
        ...(reply instanceof Object && 'nextCursor' in reply && { nextCursor: null }),
      };
    },
  },
);

/** Stands for the id that all things have here. */
const ID = 'ID';
/** Every command that ends by itself. */
const commands: readonly (readonly string[])[] = [
  ['attach', 'train', 'tcp:a:1'],
  ['attach', 'train', 'tcp:a:1', '--preflight'],
  ['attempts', 'list'],
  ['attempts', 'show', ID],
  ['attempts', 'hosts', ID],
  ['attempts', 'history', ID],
  ['attempts', 'cancel', ID],
  ['meshes', 'list'],
  ['meshes', 'show', ID],
  ['meshes', 'stop', ID],
  ['meshes', 'shutdown', ID],
  ['hosts', ID],
  ['history', ID],
  ['history', ID, '0'],
  ['forget-host', ID, '0'],
  ['changes'],
  ['procs', 'list'],
  ['procs', 'show', ID],
  ['procs', 'seen', ID],
  ['ps'],
  ['ps', ID],
  ['stop', ID],
  ['config', 'keys'],
  ['config', 'snapshot'],
  ['config', 'host', ID],
  ['ready'],
  ['audit'],
];
/** Those that go on until something happens; what they tell is told by the ones above, too, or is output. */
const waiting = ['help', 'logs', 'run', 'sign-in', 'wait'];

test('every command is met here', async () => {
  const { out } = await runWith({}, ['--help']);
  const named = [...(out.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
  expect([...commands.map(([name]) => name), ...waiting]).toEqual(expect.arrayContaining(named));
});

test.each(commands.flatMap((args) => [[args], [[...args, '--json']]] as const))(
  'hostmesh %j lets no text of a host turn, hide or obey anything, nor begin a line',
  async (args) => {
    // People are shown another id than scripts, and give that.
    const id = args.includes('--json') ? hostile : shownLine(hostile);
    const { out, err } = await runWith(
      answers,
      args.map((word) => (word === ID ? id : word)),
    );
    for (const text of [out, err]) {
      expect(unseenInLines(text)).toBeUndefined();
      expect(text).not.toMatch(/\r|^all well/m);
    }
    expect(out + err).toContain('<b>');
  },
);
