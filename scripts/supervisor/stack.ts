import { join } from 'node:path';
import { secretSettings, writeSecret } from '@hostmesh/part';
import { secretFile } from './data-dir.ts';
import { startPart, type Part, type PartSpec } from './part.ts';
import { agentPart, apiPart, postgresPart, webPart, type Place } from './parts.ts';
import { answers, freePort } from './ports.ts';
import { onEnter, signInUrl } from './sign-in.ts';
import type { StackSettings } from './stack-settings.ts';

const READY_MS = 120_000;
const STOP_GRACE_MS = 15_000;

export interface StackOptions {
  readonly root: string;
  readonly settings: StackSettings;
  readonly watch: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Starts every part, says the URL once all of them answer, and keeps them running until the signal fires. All
 * of them are gone when it resolves, with the exit code.
 */
export async function runStack(options: StackOptions): Promise<number> {
  const { settings, say } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const parts: Part[] = [];

  function start(spec: PartSpec, onMessage?: (message: unknown) => void): void {
    if (signal.aborted) return;
    const onGivenUp = (name: string) => {
      // The others work without an agent; nothing does without the other parts.
      if (!name.startsWith('agent-')) failed.abort();
    };
    parts.push(
      startPart(spec, join(settings.dataDir, 'logs'), { say, onGivenUp, ...(onMessage && { onMessage }) }),
    );
  }

  try {
    const place = placeOf(options);
    const databaseUrlFile = settings.databaseUrlFile ?? (await startPostgres(place, start, signal));
    if (databaseUrlFile === undefined) return exitCode(options.signal);
    const agents = Array.from({ length: settings.agents }, (_, index) => agentPart(place, index));
    const specs = [...agents, apiPart(place, databaseUrlFile), webPart(place)];
    for (const spec of specs) start(spec);
    const late = await notReady(specs, signal);
    if (signal.aborted) return exitCode(options.signal);
    if (late.length > 0) {
      say(`${late.join(', ')} did not become ready; see the logs in ${join(settings.dataDir, 'logs')}`);
      return 1;
    }
    console.log(`Hostmesh is ready: ${await signInUrl(settings, say)}`);
    say('that link signs in once, within 10 minutes; Enter gives another');
    onEnter(signal, () => void signInUrl(settings, say).then((url) => say(`sign in: ${url}`)));
    await fired(signal);
    return exitCode(options.signal);
  } finally {
    say('stopping');
    // Last started first, so that whoever uses a part ends before it; parts of a kind at once.
    const kinds = Map.groupBy(parts.toReversed(), ({ spec }) => spec.name.replace(/-\d+$/, ''));
    for (const kind of kinds.values()) await Promise.all(kind.map((part) => part.stop(STOP_GRACE_MS)));
  }
}

const exitCode = (asked: AbortSignal): number => (asked.aborted ? 0 : 1);

function placeOf({ root, settings, watch, env }: StackOptions): Place {
  const given = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || secretSettings.some((each) => each === name) ? [] : [[name, value] as const],
  );
  return {
    root,
    settings,
    watch,
    agentKeyFile: settings.agentKeyFile ?? secretFile(settings.dataDir, 'agent-key'),
    proxyKeyFile: secretFile(settings.dataDir, 'proxy-key'),
    env: {
      ...Object.fromEntries(given),
      NODE_ENV: watch ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  };
}

type Start = (spec: PartSpec, onMessage?: (message: unknown) => void) => void;

/** Starts the embedded server; resolves with the file of its URL once it takes connections, or `undefined` when it never will. */
async function startPostgres(place: Place, start: Start, signal: AbortSignal): Promise<string | undefined> {
  const ready = Promise.withResolvers<string>();
  start(postgresPart(place, await freePort()), (message) => {
    if (typeof message === 'object' && message !== null && 'url' in message)
      ready.resolve(writeSecret(place.settings.dataDir, 'DATABASE_URL', String(message.url)));
  });
  return Promise.race([ready.promise, fired(signal)]);
}

/** Names of the parts that were not ready in time, each with what it said of that. */
async function notReady(specs: readonly PartSpec[], signal: AbortSignal): Promise<string[]> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const late = await Promise.all(
    specs.map(async ({ name, readyUrl }) => {
      const ready = readyUrl === null || (await answers(readyUrl, deadline));
      if (ready === true) return [];
      return [ready.why === '' ? name : `${name} (${ready.why})`];
    }),
  );
  return late.flat();
}

/** Resolves when the signal fires. Its listener is what keeps the supervisor alive together with its parts. */
function fired(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
