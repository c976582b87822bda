import { links } from '../links.ts';
import styles from '../session/sign-in.module.css';

/** Plain links and words: it is part of every page's document, and must weigh nothing there. */
export default function NotFound() {
  return (
    <main className={styles['page']}>
      <div className={styles['form']}>
        <h1>There is no such page</h1>
        <p>The address may be mistyped, or from another version of Hostmesh.</p>
        <a href={links.overview()}>Go to the overview</a>
      </div>
    </main>
  );
}
