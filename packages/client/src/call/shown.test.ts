import { ApiEvent, LogEvent, Problem, routes, type Route } from '@hostmesh/contract';
import { samplesOf, textsIn } from '@hostmesh/contract/testing-samples';
import { shownText, unseenInLines } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { createClient } from '../index.ts';

/** What a host can send to be taken for something else: markup, escapes of terminals, a link of theirs, turned text, NUL. */
const hostile = '<b onclick=x>\x1B[31m\x9B2J\x1B]8;;http://evil\x07\u202Egnp\u2067\0\uFEFF';
/** Made for output of procs, whose colours are read where it is shown. */
const isOutput = (path: string) => /\.stderrTail\[\]$|(entries|open)\[\]\.text$/.test(path);
const unseen = (value: unknown) =>
  textsIn(value).filter(([path, text]) => !isOutput(path) && unseenInLines(text) !== undefined);
const replies = Object.entries<Route>(routes).filter(([, { reply }]) => reply !== undefined);

const answering = (body: unknown, status = 200) =>
  createClient({ baseUrl: '', shown: shownText, fetch: async () => Response.json(body, { status }) });

test.each(replies)('no text of a reply of %s is obeyed or overlooked', async (_, route) => {
  const samples = route.reply === undefined ? [] : samplesOf(route.reply, hostile);
  for (const sample of samples) {
    const reply = await answering(sample).call(route, { params: {}, body: {} });
    if (!reply.ok) throw new Error(reply.fault.message);
    expect(unseen(reply.value)).toEqual([]);
    // What can be seen stays.
    expect(textsIn(reply.value).length).toBe(textsIn(sample).length);
  }
});

test('no text of an event or a fault is obeyed or overlooked', async () => {
  const client = answering({});
  for (const schema of [ApiEvent, LogEvent])
    for (const sample of samplesOf(schema, hostile)) expect(unseen(client.shown(sample))).toEqual([]);
  for (const sample of samplesOf(Problem, hostile)) {
    const reply = await answering(sample, 400).call(routes.session, {});
    expect(reply).toMatchObject({ ok: false, fault: { status: 400 } });
    expect(unseen(reply)).toEqual([]);
  }
});

test('a client for data changes no text', async () => {
  const sample = samplesOf(routes.session.reply, hostile)[0];
  const client = createClient({ baseUrl: '', fetch: async () => Response.json(sample) });
  expect(await client.call(routes.session, {})).toEqual({ ok: true, value: sample });
});
