import { expect, test } from 'vitest';
import { startAgent } from '../testing/api-agent.ts';
import { eventually } from '../testing/patience.ts';
import { perFile } from '../testing/per-file.ts';
import { borrowMesh, procsOf, shellCommand, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi } from '../testing/test-api.ts';

const shared = perFile(async () => {
  const [host, api] = await Promise.all([startAgent(), startTestApi()]);
  return { host, api };
});

/** Reads the output of a proc that runs the script, once it has written this as its last line. */
async function outputOf(script: string, lastLine: string) {
  const { api, host } = shared();
  const meshId = await borrowMesh(api, [host], { PROCESS_EXIT_TIMEOUT: '300ms' });
  const { body } = await spawnOn(api, meshId, { command: shellCommand(script) });
  const [proc] = await procsOf(api, body.id);
  const read = async (query: string) => (await api.send('GET', `/procs/${proc?.id}/logs?${query}`)).body;
  await eventually(async () => (await read('tail=1')).entries[0]?.text).toBe(lastLine);
  const file = async (query: string) =>
    (await api.send('GET', `/procs/${proc?.id}/logs?${query}`, undefined, { accept: 'text/plain' })).text;
  return { read, file };
}
/** Writes so many numbered lines, each with the text so many times. */
const write = (count: number, text: string, times = 1) =>
  `awk 'BEGIN { for (j = 0; j < ${times}; j++) s = s "${text}"; for (i = 1; i <= ${count}; i++) print i " " s }'`;
const stays = 'exec sleep 60';

test.each([stays, 'exit 0'])('a file is all that the host keeps, also of many pages (%s)', async (end) => {
  const { file } = await outputOf(`${write(350, 'x', 16_000)}; echo end; ${end}`, 'end');
  const lines = (await file('after=0')).trimEnd().split('\n');
  expect(lines.pop()).toBe('end');
  expect(lines.map((line) => parseInt(line))).toEqual(Array.from({ length: 350 }, (_, index) => index + 1));
  expect(lines.every((line) => /^\d+ x{16000}$/.test(line))).toBe(true);
});

test('a page ends where reading ended, and says how much more there is', async () => {
  const { read } = await outputOf(
    `${write(20_000, 'a line of some length, so that there are several answers')}; echo end; ${stays}`,
    'end',
  );
  let after = 0;
  const seqs: number[] = [];
  for (;;) {
    const page = await read(`after=${after}&limit=5000&stream=stdout`);
    expect(page).toMatchObject({ gaps: [], newestSeq: 20_001 });
    seqs.push(...page.entries.map(({ seq }: { seq: number }) => seq));
    if (page.lastSeq >= page.newestSeq) break;
    after = page.lastSeq;
  }
  expect(seqs).toEqual(Array.from({ length: 20_001 }, (_, index) => index + 1));
});

test('the last lines of one stream are found behind any number of the other', async () => {
  const errors = `${write(20, 'error')} >&2; sleep 0.5`;
  const { read, file } = await outputOf(`${errors}; seq 5000; echo end; ${stays}`, 'end');
  const texts = async (query: string) =>
    (await read(query)).entries.map(({ text }: { text: string }) => text);
  const all = Array.from({ length: 20 }, (_, index) => `${index + 1} error`);
  expect(await texts('stream=stderr&tail=5')).toEqual(all.slice(-5));
  expect(await texts('stream=stderr')).toEqual(all);
  expect(await file('stream=stderr&after=0')).toBe(`${all.join('\n')}\n`);
  expect(await read('stream=stderr')).toMatchObject({ gaps: [], lastSeq: 5021, newestSeq: 5021 });
});
