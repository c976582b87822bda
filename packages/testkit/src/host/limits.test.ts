import { expect, test } from 'vitest';
import { checkOpenFiles, hostsPerProcess, socketWatch } from './limits.ts';

test('as many hosts as the limit of open files allows are not refused, one more is, with the limit that it takes', () => {
  const most = hostsPerProcess(1024);
  expect(() => checkOpenFiles(most, 1024)).not.toThrow();
  expect(() => checkOpenFiles(most + 1, 1024)).toThrow(/may open 1024: raise that with "ulimit -n \d+"/);
});

test('whoever runs out of descriptors is told, once', () => {
  const said: string[] = [];
  const sockets = socketWatch((message) => said.push(message), 100);
  for (let open = 0; open < 59; open += 1) sockets.opened();
  sockets.closed();
  sockets.opened();
  expect(said).toEqual([]);
  sockets.opened();
  sockets.opened();
  expect(said).toEqual([expect.stringContaining('may open 100 files')]);
});
