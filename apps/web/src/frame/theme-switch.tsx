'use client';

import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { buttonClass } from '../ui/button/button.tsx';
import styles from '../ui/overlay/menu.module.css';
import { Icon } from '../ui/icon.tsx';
import { applyTheme, parseTheme, themes, type Theme } from './theme.ts';

/** Dark, light or as the system says. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  function choose(value: string) {
    const next = parseTheme(value);
    setTheme(next);
    applyTheme(next);
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={buttonClass('quiet')}
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme}`}
      >
        <Icon name="theme" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} align="end" sideOffset={6}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {themes.map((name) => (
              <DropdownMenu.RadioItem key={name} value={name} className={styles['item']}>
                <DropdownMenu.ItemIndicator className={styles['tick']} />
                {labels[name]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const labels: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };
