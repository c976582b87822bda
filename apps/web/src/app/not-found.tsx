import { links } from '../links.ts';

/** Only words, and styles that every page has: Next makes this part of every page's document. */
export default function NotFound() {
  return (
    <main className="lone">
      <title>Hostmesh</title>
      <h1>There is no such page</h1>
      <p>The address may be mistyped, or from another version of Hostmesh.</p>
      <a href={links.overview()}>Go to the overview</a>
    </main>
  );
}
