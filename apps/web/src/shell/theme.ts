/** `system` follows the operating system; the others override it on this browser. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The cookie that remembers the choice of this browser. */
export const THEME_COOKIE = 'hostmesh-theme';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The theme that the cookie names; that of the system without one. */
export const parseTheme = (text: string | undefined): Theme =>
  themes.find((theme) => theme === text) ?? 'system';

/** Shows the theme at once and remembers it; the server reads the cookie, so that no page flashes. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
