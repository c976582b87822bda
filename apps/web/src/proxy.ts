import { apiUrlOf, isAllowedHost, parseAllowedHosts } from '@hostmesh/core';
import { NextResponse, type NextRequest } from 'next/server';

/**
 * Where the API is. Read for every process, not at build time as rewrites of `next.config.ts` would be: one
 * build serves any port.
 */
const apiUrl = apiUrlOf(process.env);

/**
 * The names under which the dashboard is served, besides those of this machine. The API checks the same for itself: it cannot
 * see the name under which the dashboard was asked. It does not start with a setting that cannot be read, and we then add no name.
 */
const allowedHosts = parseAllowedHosts(process.env['HOSTMESH_ALLOWED_HOSTS'] ?? '');

/** Development builds need `eval` and styles that tools inject; shipped pages need neither. */
const isDevelopment = process.env.NODE_ENV === 'development';

/**
 * One origin: `/api` goes to the API, streams included. Every page gets a policy under which only our own
 * files and the scripts of this very answer run, and nothing of anybody else is loaded (design section 9). What every answer has, `instrumentation.ts` gives it.
 */
export function proxy(request: NextRequest): NextResponse {
  if (!isAllowedHost(request.headers.get('host'), allowedHosts.ok ? allowedHosts.value : [])) {
    const detail = 'This name is not served here. HOSTMESH_ALLOWED_HOSTS adds names.';
    return problem(421, 'host_refused', 'This host name is not served here', detail);
  }
  const { pathname, search } = request.nextUrl;
  if (pathname.startsWith('/api/')) return NextResponse.rewrite(new URL(`${pathname}${search}`, apiUrl));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const detail = `${request.method} is not served here; GET is.`;
    return problem(405, 'method_not_allowed', 'This method is not served here', detail, {
      allow: 'GET, HEAD',
    });
  }

  const nonce = crypto.randomUUID().replaceAll('-', '');
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  return response;
}

/** As the API refuses. */
const problem = (
  status: number,
  code: string,
  title: string,
  detail: string,
  more: Record<string, string> = {},
): NextResponse => {
  const type = `urn:hostmesh:problem:${code}`;
  const body = { type, title, status, code, detail, requestId: `req_${crypto.randomUUID()}` };
  return NextResponse.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', ...more },
  });
};

/** Everything but the built files, which never change under their name. */
export const config = { matcher: ['/((?!_next/static|icon.svg).*)'] };
