import { expect, test } from 'vitest';
import { checkOpenFiles, hostsPerProcess } from './limits.ts';

test('as many hosts as the limit of open files allows are not refused, one more is, with the limit that it takes', () => {
  const most = hostsPerProcess(1024);
  expect(() => checkOpenFiles(most, 1024)).not.toThrow();
  expect(() => checkOpenFiles(most + 1, 1024)).toThrow(/may open 1024: raise that with "ulimit -n \d+"/);
});
