import { NextResponse, type NextRequest } from 'next/server';

/** Development builds need `eval` and styles that tools inject; shipped pages need neither. */
const isDevelopment = process.env.NODE_ENV === 'development';

/**
 * Every page gets a policy under which only our own
 * files and the scripts of this very answer run, and nothing of anybody else is loaded (design section 9). What every answer has, `instrumentation.ts` gives it.
 */
export function proxy(request: NextRequest): NextResponse {
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

/** Everything but the built files, which never change under their name. */
export const config = { matcher: ['/((?!_next/static|icon.svg).*)'] };
