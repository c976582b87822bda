import { describe, expect, test } from 'vitest';
import { parseSimHostsOptions } from './sim-hosts-options.ts';

describe('the command line of sim-hosts', () => {
  test('counts of fault kinds become rules', () => {
    const parsed = parseSimHostsOptions([
      '--hosts',
      '100',
      '--refuse',
      '5',
      '--hang',
      '2',
      '--answer-late',
      '1',
      '--late-ms',
      '70',
    ]);
    expect(parsed).toMatchObject({ ok: true, value: { count: 100, basePort: 30_000 } });
    const spec = parsed.ok && parsed.value !== 'help' ? parsed.value : { faults: {} };
    const rules = spec.faults !== undefined && 'rules' in spec.faults ? spec.faults.rules : [];
    expect(rules.filter(({ count }) => count > 0)).toEqual([
      { fault: { kind: 'refuse' }, count: 5 },
      { fault: { kind: 'hang_after_accept' }, count: 2 },
      { fault: { kind: 'answer_late', afterMs: 70 }, count: 1 },
    ]);
  });

  test.each([
    [['--refuse', 'x'], '--refuse'],
    [['--hosts', '-1'], '--hosts'],
    [['--hosts', '3', '--refuse', '4'], '4 faults'],
    [['--refuze', '1'], '--refuze'],
  ])('%j is refused with a message that names what is wrong', (args, named) => {
    const parsed = parseSimHostsOptions(args);
    expect(parsed).toMatchObject({ ok: false, fault: { message: expect.stringContaining(named) as string } });
  });
});
