import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claimCgroups, unclaimCgroups } from './cgroup-mark.ts';
import { readProcess } from './processes.ts';

// Plain directories do as cgroups do: what is not empty cannot be removed.
test('of what agents have left, that of those that are gone is taken away, as far as it is empty, and nobody else’s', () => {
  const parent = mkdtempSync(join(tmpdir(), 'cgroups-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const dir = (...names: string[]) => {
    const path = join(parent, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const here = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  const alive = `${process.ppid}=${readProcess(process.ppid)?.startTicks}=${here}`;
  const gone = `${process.ppid}=1=${here}`;
  const rootOf = (name: string, ...agents: string[]) => {
    for (const agent of agents) dir(`hostmesh-agent=${agent}=hostmesh-host_${name}`);
    return dir(`hostmesh-host_${name}`);
  };
  const own = rootOf('own', gone);
  rootOf('killed', gone);
  dir('hostmesh-host_killed', 'proc-0', 'below');
  rootOf('busy', gone);
  const process0 = join(dir('hostmesh-host_busy', 'proc-0'), 'a process');
  writeFileSync(process0, '');
  rootOf('living', alive);
  rootOf('of-another-namespace', `1=1=${Number(here) + 1}`);
  rootOf('started-again', gone, alive);
  rootOf('unsaid');
  const names = () => readdirSync(parent).filter((name) => !name.startsWith('hostmesh-agent'));
  const marks = () => readdirSync(parent).filter((name) => name.startsWith('hostmesh-agent')).length;

  claimCgroups(own);
  const others = ['living', 'of-another-namespace', 'own', 'started-again', 'unsaid'].map(
    (name) => `hostmesh-host_${name}`,
  );
  expect(names().toSorted()).toEqual(['hostmesh-host_busy', ...others]);
  // Of the busy one, of the three that may live, and of this process.
  expect(marks()).toBe(5);
  // Once its processes have ended a later agent takes it away, too.
  rmSync(process0);
  claimCgroups(own);
  expect(names().toSorted()).toEqual(others);
  unclaimCgroups(own);
  expect(marks()).toBe(3);
});
