import { isDatabaseBusy, isDatabaseFull, isDatabaseUnavailable, isSchemaBehind } from '@hostmesh/db';
import type { RouteFault } from './route-fault.ts';

/** Carries a fault out of a place where the framework wants an error thrown. */
export class RequestError extends Error {
  readonly fault: RouteFault;

  constructor(fault: RouteFault) {
    super(fault.message);
    this.fault = fault;
  }
}

type Told = Pick<RouteFault, 'code' | 'message'>;
const notJson: Told = {
  code: 'unsupported_media_type',
  message: 'Send the body as JSON, with Content-Type: application/json.',
};
const badPath: Told = { code: 'invalid_request', message: 'The path is not a valid URL.' };

/** What the framework's own errors mean to a caller, by their code. A test compares it with all that the framework has. */
const frameworkFaults: Readonly<Record<string, Told>> = {
  FST_ERR_NOT_FOUND: { code: 'not_found', message: 'There is nothing at this path.' },
  FST_ERR_VALIDATION: { code: 'invalid_request', message: 'The request is not valid.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'payload_too_large', message: 'The request body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: notJson,
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: notJson,
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_request', message: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_request', message: 'The body is empty.' },
  FST_ERR_ROUTE_MISSING_CONTENT: { code: 'invalid_request', message: 'The body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    message: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_BAD_URL: badPath,
  FST_ERR_INVALID_URL: badPath,
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found', message: 'There is nothing with so long an id.' },
};

/** As above, of what is no request of HTTP, or did not become one; also by Node's codes. */
const parserFaults: Readonly<Record<string, Told>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', message: 'The headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'payload_too_large',
    message: 'The extensions of the chunks are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request_timed_out',
    message: 'The request did not arrive whole in time.',
  },
};

/** What a caller is told whose bytes the HTTP parser did not take. */
export const parserFaultOf = (code: string): RouteFault =>
  parserFaults[code] ?? { code: 'invalid_request', message: 'That is not a request of HTTP/1.1.' };

/** The database has not been brought up to date; with the migrations that it lacks where they are known. */
export const schemaBehind = (lacking: readonly string[] = []): RouteFault => ({
  code: 'schema_behind',
  message: `The database lacks migrations${lacking.length === 0 ? '' : ` (${lacking.join(', ')})`}: apply them with pnpm db:migrate, or restart the API, which does.`,
});

/** The one place where thrown errors become faults. The cause is kept for the log. */
export function routeFaultOf(error: unknown): RouteFault {
  if (error instanceof RequestError) return error.fault;
  if (error instanceof Error) {
    const known = 'code' in error ? frameworkFaults[String(error.code)] : undefined;
    if (known !== undefined) return { ...known, cause: error };
    if (isDatabaseFull(error)) {
      return { code: 'disk_full', message: 'The disk of the database is full.', cause: error };
    }
    if (isSchemaBehind(error)) return { ...schemaBehind(), cause: error };
    if (isDatabaseBusy(error)) {
      return { code: 'busy', message: 'All connections to the database are busy.', cause: error };
    }
    if (isDatabaseUnavailable(error) || isDatabaseAway(error)) {
      return { code: 'database_unavailable', message: 'The database does not answer.', cause: error };
    }
  }
  return { code: 'internal', message: 'The request failed; the log has the details.', cause: error };
}

/**
 * What is thrown before a repository could look at it: Prisma's P1… are about connecting, P2024 and P2028 about waiting for a connection; a raw query reports both kinds as
 * P2010 without an SQLSTATE (https://www.prisma.io/docs/orm/reference/error-reference).
 */
function isDatabaseAway(error: Error): boolean {
  if (error.name !== 'PrismaClientKnownRequestError' || !('code' in error)) return false;
  const code = String(error.code);
  return /^(P1\d{3}|P2024|P2028)$/.test(code) || (code === 'P2010' && error.message.includes('Code: `N/A`'));
}
