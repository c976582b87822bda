import { Agent } from 'node:http';
import { randomOf } from '@hostmesh/soak/random';
import type { Target } from '../rig/target.ts';
import { sensibleFor } from '../sensible.ts';
import { operationsOf, readDocument } from './api-document.ts';
import { judgeBy } from './judge-answer.ts';
import { makeRequest, type FuzzRequest } from './make-request.ts';
import { curlOf, send, type FuzzAnswer } from './send.ts';

/** So many requests are under way at a time: made together, so that their answers don't change what they are. */
const WAVE = 4;
/** Ids that are remembered. */
const MAX_IDS = 200;
/** An answer that has not begun by then is none. */
const ANSWER_MS = 20_000;
/** What waits for hosts may take as long as it was told: we hang up. */
const PATIENCE_MS = 1_500;
const HEALTH_MS = 5_000;

/** Asks the API wave by wave: how many requests the next one had, and what was wrong. */
export interface ApiFuzz {
  next(): Promise<{ readonly sent: number; readonly wrong: readonly string[] }>;
  /** How often which status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  close(): void;
}

/** Reads what the API says of itself, to ask it all of that. */
export async function fuzzApi(
  { baseUrl, token, addresses }: Target,
  seed: number,
  hostile: readonly unknown[],
): Promise<ApiFuzz> {
  const authorization = { authorization: `Bearer ${token}` };
  const said = await fetch(`${baseUrl}/api/v1/openapi.json`, { headers: authorization });
  const document = readDocument(await said.text());
  const operations = operationsOf(document);
  const judge = judgeBy(document);
  const agent = new Agent({ keepAlive: true, maxSockets: WAVE });
  const ids: string[] = [];
  const statuses = new Map<number, number>();
  let step = 0;

  const ask = async (request: FuzzRequest): Promise<string[]> => {
    const { operation, method } = request;
    const withinMs = mayWait(request) ? PATIENCE_MS : ANSWER_MS;
    const wrongs = await send(request, { baseUrl, token, agent, withinMs }).then(
      (answer) => (answer === null ? unanswered(request) : look(request, answer)),
      (error: unknown) => [`was not answered: ${String(error)}`],
    );
    return wrongs.map((wrong) => `${operation.id}: ${method} ${wrong}\n  ${curlOf(request, baseUrl)}`);
  };
  const look = ({ operation, method }: FuzzRequest, answer: FuzzAnswer): string[] => {
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    ids.push(...idsIn(answer.body));
    ids.splice(0, ids.length - MAX_IDS);
    return judge(operation, method, answer);
  };
  return {
    statuses,
    async next() {
      const sources = { defs: document.$defs, ids: [...ids], sensible: sensibleFor(addresses), hostile };
      const wave = Array.from({ length: WAVE }, () => {
        const random = randomOf(seed, (step += 1));
        // There is at least one operation, or nothing to fuzz.
        return makeRequest(random.pick(operations) as (typeof operations)[number], random, sources);
      });
      const wrong = (await Promise.all(wave.map(ask))).flat();
      const health = await fetch(`${baseUrl}/api/v1/health`, { signal: AbortSignal.timeout(HEALTH_MS) }).then(
        ({ status }) => (status === 200 ? [] : [`health answers ${status}`]),
        (error: unknown) => [`health does not answer: ${String(error)}`],
      );
      return { sent: wave.length, wrong: [...wrong, ...health] };
    },
    close: () => agent.destroy(),
  };
}

/** What changes something does, unless it can be answered at once and is asked to be. */
const mayWait = ({ method, operation, headers }: FuzzRequest): boolean =>
  method === 'POST' && (operation.responses[202] === undefined || headers.Prefer !== 'respond-async');

const unanswered = (request: FuzzRequest): string[] =>
  mayWait(request) ? [] : [`was not answered within ${ANSWER_MS} ms`];

/** A few ids of each answer. */
const idsIn = (body: string): string[] =>
  [...new Set(body.slice(0, 20_000).match(/"(att|mesh|pm|host|proc)[_-][\w-]{8,}"/g) ?? [])]
    .slice(0, 6)
    .map((quoted) => quoted.slice(1, -1));
