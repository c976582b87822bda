import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of a Chromium for the browser tests: a given one, an installed one, or Debian's, installed now. */
export function findChromium(given: string | undefined): { path: string } | { problem: string } {
  const found = [given ?? '', ...usual].find((path) => path !== '' && existsSync(path));
  if (found !== undefined) return { path: found };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Hostmesh: installing Chromium with apt-get');
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ]) {
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
    if (existsSync('/usr/bin/chromium')) return { path: '/usr/bin/chromium' };
  }
  return {
    problem:
      'The browser tests need Chromium. Install it (Debian: `apt-get install chromium`) or set CHROMIUM_PATH.',
  };
}
