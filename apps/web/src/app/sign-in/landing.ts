import { links } from '../../links.ts';

/** Where to go after signing in: a path of ours, never another site, whatever the URL says. */
export function landingOf(next: string | null): string {
  const isOurs = next !== null && /^\/(?![/\\])/.test(next);
  return isOurs ? next : links.overview();
}

/** The token in `#token=…`, or null. It is in the fragment so that no server log ever has it. */
export function tokenOfHash(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === '' ? null : token;
}
