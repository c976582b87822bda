import {
  API_BASE,
  parameterNotes,
  requestHeaders,
  responseHeaders,
  routeNotes,
  routes,
  type ResponseHeaderName,
  type Route,
  type RouteName,
  type RouteNote,
} from '@hostmesh/contract';

/** As far as it is read here; whatever else there is stays as it is. */
interface Media {
  example?: unknown;
}
interface Answer {
  content?: Record<string, Media>;
  headers?: Record<string, object>;
}
interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string; description?: string; example?: unknown }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, Answer>;
}
type Document = {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: object; headers?: object };
};

/** Of a path. */
const parameterExamples: Readonly<Record<string, string | number>> = { id: 'mesh_1', rank: 0 };
const notes: Readonly<Record<string, string>> = parameterNotes;
const text = { type: 'string' };
/** Headers of every answer with this status; `X-Request-Id` is on all. */
const headersOfStatus: Readonly<Record<string, ResponseHeaderName>> = {
  202: 'Preference-Applied',
  401: 'WWW-Authenticate',
  405: 'Allow',
  429: 'Retry-After',
  503: 'Retry-After',
};
const isRouteName = (name: string | undefined): name is RouteName => name !== undefined && name in routeNotes;

/** The document with what its schemas do not say: descriptions, examples, headers, and other forms of answers. */
export function describeApi<Given extends object>(document: Given): Given {
  const described: Given & Document = structuredClone(document);
  for (const methods of Object.values(described.paths ?? {})) {
    for (const operation of Object.values(methods)) {
      if (isRouteName(operation.operationId))
        describe(operation, routes[operation.operationId], routeNotes[operation.operationId]);
    }
  }
  const schemas = described.components?.schemas ?? {};
  described.components = {
    ...described.components,
    schemas: reachable(schemas, JSON.stringify(described.paths)),
    headers: Object.fromEntries(
      Object.entries(responseHeaders).map(([name, description]) => [name, { description, schema: text }]),
    ),
  };
  return described;
}

function describe(operation: Operation, route: Route, note: RouteNote): void {
  const { responses = {}, parameters = [], requestBody } = operation;
  for (const parameter of parameters) {
    parameter.description = notes[parameter.name] ?? '';
    const example =
      parameter.in === 'path' ? parameterExamples[parameter.name] : note.query?.[parameter.name];
    if (example !== undefined) parameter.example = example;
  }
  for (const media of Object.values(requestBody?.content ?? {})) media.example = note.body;
  for (const status of route.success) {
    const answer = (responses[status] ??= {});
    const json = answer.content?.['application/json'];
    if (json !== undefined && note.reply !== undefined) json.example = note.reply;
    for (const type of note.alsoAs ?? [])
      // The document's type wants media types that only its own builder can name.
      answer.content = { ...answer.content, [type]: { schema: text } as Media };
  }
  for (const [status, answer] of Object.entries(responses)) {
    const names: (ResponseHeaderName | undefined)[] = ['X-Request-Id', headersOfStatus[status]];
    if (status.startsWith('2')) {
      if (note.locates && status !== '200') names.push('Location');
      if (note.setsCookie) names.push('Set-Cookie');
    }
    answer.headers = Object.fromEntries(
      names.flatMap((name) => (name === undefined ? [] : [[name, { $ref: `#/components/headers/${name}` }]])),
    );
  }
  Object.assign(operation, {
    description: note.description,
    parameters: [
      ...parameters,
      ...(note.headers ?? []).map((name) => ({
        name,
        in: 'header',
        required: false,
        description: requestHeaders[name],
        schema: text,
      })),
    ],
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curlOf(route, note) }],
  });
}

/** The call with its example. */
function curlOf({ method, path, authenticated }: Route, { query = {}, body }: RouteNote): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  const url = `${API_BASE}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameterExamples[name]))}${search.size === 0 ? '' : `?${search}`}`;
  return [
    `curl -sf${method === 'GET' ? '' : ` -X ${method}`}`,
    ...(authenticated ? [`-H "Authorization: Bearer $HOSTMESH_TOKEN"`] : []),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`]),
    `'http://127.0.0.1:4600${url}'`,
  ].join(' ');
}

/** The schemas that `text` refers to, by way of others too. */
function reachable<Schemas extends object>(schemas: Schemas, text: string): Schemas {
  const kept = new Set<string>();
  const follow = (from: string): void => {
    for (const [, name = ''] of from.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (kept.has(name)) continue;
      kept.add(name);
      follow(JSON.stringify(Object.entries(schemas).find(([each]) => each === name)?.[1] ?? null));
    }
  };
  follow(text);
  // A part of the same record.
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => kept.has(name))) as Schemas;
}
