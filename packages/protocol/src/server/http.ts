import type { IncomingMessage, ServerResponse } from 'node:http';

/** What an agent answers to plain HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Answers `GET path`, such as `/healthz`, asked with this `Authorization` header; undefined is a 404. */
export type HttpHandler = (
  path: string,
  authorization: string | undefined,
) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;

const text = (status: number, body: string): HttpAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** Never throws: a bug of the handler is reported and answered 500. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  handler: HttpHandler | undefined,
  onBug: (error: unknown) => void,
): Promise<void> {
  const answer = await find(request, handler).catch((error: unknown) => {
    onBug(error);
    return text(500, 'the agent failed on this request\n');
  });
  response.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function find(request: IncomingMessage, handler: HttpHandler | undefined): Promise<HttpAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only GET is answered here\n');
  const [path = '/'] = (request.url ?? '/').split('?');
  return (await handler?.(path, request.headers.authorization)) ?? text(404, 'nothing here\n');
}
