import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Shell } from '../../shell/shell.tsx';
import { parseTheme, THEME_COOKIE } from '../../shell/theme.ts';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return <Shell theme={theme}>{children}</Shell>;
}
