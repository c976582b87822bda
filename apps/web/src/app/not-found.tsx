import { links } from '../links.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import { EmptyState } from '../ui/feedback/states.tsx';
import styles from '../session/sign-in.module.css';

export default function NotFound() {
  return (
    <main className={styles['page']}>
      <EmptyState
        title="There is no such page"
        isPage
        action={<ButtonLink href={links.overview()}>Go to the overview</ButtonLink>}
      >
        The address may be mistyped, or from a version of Hostmesh that had more pages.
      </EmptyState>
    </main>
  );
}
