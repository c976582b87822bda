import type { Locator, Page } from '@playwright/test';

/** Roles of what can be pressed or typed into, and how the accessibility tree of Playwright calls them. */
const roles = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'spinbutton',
  'combobox',
  'checkbox',
  'radio',
  'switch',
  'tab',
  'menuitem',
  'option',
] as const;

/** One control of a page, as the accessibility tree names it. */
export interface Control {
  readonly role: (typeof roles)[number] | 'disclosure';
  readonly name: string;
  /** Which one of those that are called alike. */
  readonly nth: number;
}

/** `button "Stop" [disabled]`, as it stands in a line of the tree. */
const line = new RegExp(`^\\s*- '?(${roles.join('|')})(?: ("(?:[^"\\\\]|\\\\.)*"))?`);

/** Every control in `place`, in the order of the page: those of the accessibility tree, and what can be unfolded. */
export async function controlsOf(place: Locator): Promise<readonly Control[]> {
  const seen = new Map<string, number>();
  const count = (key: string) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before;
  };
  const tree = await place.ariaSnapshot();
  const controls = tree.split('\n').flatMap((text): Control[] => {
    const [, role, quoted] = line.exec(text) ?? [];
    const known = roles.find((one) => one === role);
    // An option belongs to its box, which is what a reader works with.
    if (known === undefined || known === 'option') return [];
    const name: unknown = quoted === undefined ? '' : JSON.parse(quoted);
    if (typeof name !== 'string') return [];
    return [{ role: known, name, nth: count(`${role} ${name}`) }];
  });
  // The tree calls the head of what can be unfolded a group, whatever stands in it.
  const folds = await place.locator('summary').allInnerTexts();
  return [...controls, ...folds.map((name, nth): Control => ({ role: 'disclosure', name, nth }))];
}

/** Where the control is on the page now. */
export const locate = (place: Locator, { role, name, nth }: Control): Locator =>
  role === 'disclosure'
    ? place.locator('summary').nth(nth)
    : place.getByRole(role, { name, exact: true }).nth(nth);

/** What there is to see in the window, `pressed` whole: texts, values, and what is open, chosen or wrong; times as such and not as a running clock. */
export async function inView(page: Page, pressed: Locator): Promise<string> {
  // In one go: what is there when it is counted may be gone when it is looked at.
  const [own = 'gone'] = await pressed.evaluateAll((found) => found.map(({ outerHTML }) => outerHTML));
  return `${await page.evaluate<string>(look)} ${own}`;
}

/** Runs in the browser, which has other types than this file. */
const look = `(() => {
  const inWindow = ({ top, bottom, width, height }) => bottom > 0 && top < innerHeight && width * height > 0;
  const dialog = document.querySelector('dialog[open]');
  const seen = [document.title, document.documentElement.dataset.theme ?? '', dialog?.ariaLabel ?? ''];
  const texts = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement, data } = texts.currentNode;
    if (parentElement.closest('script, style') !== null || data.trim() === '') continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (inWindow(range.getBoundingClientRect())) seen.push(parentElement.closest('time')?.dateTime ?? data);
  }
  for (const element of document.querySelectorAll('input, select, textarea, details, th, tr, [popover], [data-density]')) {
    if (!element.matches(':popover-open') && !inWindow(element.getBoundingClientRect())) continue;
    const { value, checked, open, ariaSort, ariaSelected, ariaInvalid } = element;
    const states = [value, checked, open, ariaSort, ariaSelected, ariaInvalid, element.dataset.density];
    seen.push(states.join(), String(element.matches(':popover-open')));
  }
  return JSON.stringify(seen);
})()`;
