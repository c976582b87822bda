import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchema } from 'json-schema-faker';
import type { ApiDocument, Operation } from './api-document.ts';
import type { FuzzAnswer } from './send.ts';

const PROBLEM = 'application/problem+json';
/** A host that does not answer is no fault of the API. */
const ofHosts = ['host_unreachable', 'host_timed_out'];

/** Says what is wrong with an answer, if anything is. */
export type Judge = (operation: Operation, method: string, answer: FuzzAnswer) => string[];

/** Judges answers by what the document says of them. */
export function judgeBy({ $defs }: ApiDocument): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // Of a CommonJS module its types know no default.
  (formats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'api', $defs });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  const misfit = (schema: JsonSchema, value: unknown): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(absolute(schema));
    compiled.set(schema, validate);
    return validate(value)
      ? []
      : [`does not fit its schema: ${ajv.errorsText(validate.errors).slice(0, 500)}`];
  };
  const problemSchema: JsonSchema = { $ref: '#/$defs/Problem' };

  return (operation, method, { status, headers, body, cut }) => {
    const type = headers['content-type']?.split(';')[0] ?? '';
    const wrong: string[] = [];
    const problem: unknown = type === PROBLEM && method !== 'HEAD' ? parsed(body) : undefined;
    if (status >= 500 && !ofHosts.includes(codeOf(problem))) wrong.push(`answers ${status}`);
    if (headers['x-request-id'] === undefined) wrong.push('has no X-Request-Id');
    if (status >= 400 && type !== PROBLEM) wrong.push(`answers ${status} as "${type}"`);
    if (problem !== undefined) {
      wrong.push(...misfit(problemSchema, problem));
      if (statusOf(problem) !== status) wrong.push(`says another status than ${status}`);
    }
    // Another method is another operation: that it is refused as one is all that can be told.
    if (method !== operation.method) return wrong;
    const documented = operation.responses[status];
    if (documented === undefined) return [...wrong, `answers ${status}, which the document does not have`];
    if (documented.content === undefined) return wrong;
    const media = documented.content[type];
    if (media === undefined) return [...wrong, `answers "${type}", which the document does not have`];
    if (type === 'application/json' && !cut) wrong.push(...misfit(media.schema, parsed(body)));
    if (type === 'text/event-stream')
      wrong.push(...eventsIn(body).flatMap((event) => misfit(media.schema, event)));
    return wrong;
  };
}

/** The same with references into the document that has the components. */
const absolute = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"api#/$defs/')) as JsonSchema;

/** Data of the events that are whole, but for those with a name: the document has those without. */
const eventsIn = (body: string): unknown[] =>
  body
    .split('\n\n')
    .slice(0, -1)
    .filter((event) => !/^event:/m.test(event))
    .flatMap((event) => /^data: ?(.*)$/m.exec(event)?.[1] ?? [])
    .map(parsed);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return 'no JSON';
  }
}

const fieldOf = (problem: unknown, name: string): unknown =>
  typeof problem === 'object' && problem !== null ? Reflect.get(problem, name) : undefined;
const codeOf = (problem: unknown): string => String(fieldOf(problem, 'code'));
const statusOf = (problem: unknown): unknown => fieldOf(problem, 'status');
