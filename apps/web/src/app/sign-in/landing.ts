import { links } from '../../links.ts';

/** Where to go after signing in: a path of ours, never another site, whatever the URL says. */
export function landingOf(next: string | null): string {
  const isOurs = next !== null && /^\/(?![/\\])/.test(next);
  return isOurs ? next : links.overview();
}

/** The code in `#code=…`, or null. It is in the fragment so that no server log ever has it. */
export function codeOfHash(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('code');
  return code === '' ? null : code;
}
