import '../ui/base.css';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from '../shell/providers.tsx';
import { parseTheme, THEME_COOKIE } from '../shell/theme.ts';

export const metadata: Metadata = {
  description: 'Which hosts are attached, in what state, since when, and what failed.',
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

/**
 * The document. It is made for every request: the theme comes from a cookie, and the content policy's nonce is
 * written into the scripts.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
