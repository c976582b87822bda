import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of a Chromium for the browser tests: a given one, an installed one, or Debian's, installed now. */
export async function findChromium(
  given: string | undefined,
): Promise<{ path: string } | { problem: string }> {
  const found = [given ?? '', ...usual].find((path) => path !== '' && existsSync(path));
  if (found !== undefined) return { path: found };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Hostmesh: installing Chromium with apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env })
      .then(() => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env }))
      .catch((error: unknown) => console.error(String(error)));
    if (existsSync('/usr/bin/chromium')) return { path: '/usr/bin/chromium' };
  }
  return {
    problem:
      'The browser tests need Chromium. Install it (Debian: `apt-get install chromium`) or set CHROMIUM_PATH.',
  };
}
