import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { FuzzRequest } from './make-request.ts';

/** What came back; `cut` when it did not end by itself while we waited. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly cut: boolean;
}

/** How long an event stream is listened to. */
const STREAM_MS = 300;
const MAX_BODY = 8_000_000;

/** Sends exactly this; null when no answer had begun after `withinMs`. */
export function send(
  { method, path, headers, body }: FuzzRequest,
  { baseUrl, token, agent, withinMs }: { baseUrl: string; token: string; agent: Agent; withinMs: number },
): Promise<FuzzAnswer | null> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname,
      port,
      method,
      path,
      agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    });
    let hasBegun = false;
    const timer = setTimeout(() => {
      if (!hasBegun) resolve(null);
      sent.destroy();
    }, withinMs);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.on('response', (response) => {
      hasBegun = true;
      clearTimeout(timer);
      let text = '';
      const end = (cut: boolean): void => {
        clearTimeout(streaming);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, cut });
        if (cut) sent.destroy();
      };
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
      const streaming = setTimeout(() => end(true), isStream ? STREAM_MS : withinMs);
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < MAX_BODY) text += chunk;
      });
      response.on('end', () => end(false));
      response.on('error', () => end(true));
    });
    sent.end(body);
  });
}

/** The request as a command that repeats it. */
export function curlOf({ method, path, headers, body }: FuzzRequest, baseUrl: string): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    `curl -si -X ${method} -H "Authorization: Bearer $HOSTMESH_TOKEN"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quoted(body)}`]),
    quoted(baseUrl + path),
  ].join(' ');
}
