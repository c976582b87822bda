'use client';

import { DropdownMenu } from 'radix-ui';
import { useId, type ReactNode } from 'react';
import { Button, buttonClass } from '../button/button.tsx';
import menu from '../overlay/menu.module.css';
import { countOf, formatCount } from '../text/count.ts';
import type { Column } from './column.ts';
import { toCsv } from './csv.ts';
import styles from './data-table.module.css';
import { savePreferences, type Density } from './preferences.ts';

interface ToolbarProps<Row> {
  name: string;
  noun: readonly [one: string, many: string];
  total: number;
  shown: number;
  columns: readonly Column<Row>[];
  visibility: Readonly<Record<string, boolean>>;
  density: Density;
  filter: string;
  unknown: readonly string[];
  /** A token that would match something here. */
  example: string | null;
  onFilter: (text: string) => void;
  /** The rows as they stand in the table. */
  exported: () => readonly Row[];
  tools: ReactNode;
}

/** Filter box, how many rows of how many, view choices, export. */
export function Toolbar<Row>(props: ToolbarProps<Row>) {
  const { filter, columns, unknown, shown, total, noun } = props;
  const helpId = useId();
  return (
    <div className={styles['toolbar']} role="search" aria-label={`Filter ${noun[1]}`}>
      <div className={styles['filter']}>
        <input
          type="search"
          value={filter}
          spellCheck={false}
          autoComplete="off"
          placeholder={
            props.example === null ? 'Filter by any text' : `Filter by any text, or ${props.example}`
          }
          aria-label={`Filter ${noun[1]}`}
          aria-describedby={helpId}
          aria-invalid={unknown.length > 0}
          onChange={(event) => props.onFilter(event.target.value)}
        />
        {filter !== '' && (
          <Button look="quiet" onClick={() => props.onFilter('')}>
            Clear
          </Button>
        )}
      </div>
      <span className={styles['count']} role="status">
        {formatCount(shown)} of {countOf(total, ...noun)}
      </span>
      <div className={styles['tools']}>
        {props.tools}
        <ViewMenu {...props} />
        <Button
          look="quiet"
          disabled={shown === 0}
          onClick={() => download(props.name, toCsv(props.exported(), columns))}
        >
          Export CSV
        </Button>
      </div>
      <p id={helpId} className={unknown.length > 0 ? styles['fault'] : 'unseen'}>
        {unknown.length > 0 && `No column is called ${unknown.join(', ')}. `}
        Columns: {columns.map((column) => column.id).join(', ')}.
      </p>
    </div>
  );
}

function ViewMenu<Row>({ name, columns, visibility, density }: ToolbarProps<Row>) {
  const show = (id: string, shown: boolean) =>
    savePreferences((old) => ({
      ...old,
      columns: { ...old.columns, [name]: { ...old.columns[name], [id]: shown } },
    }));
  // Staying open lets several be chosen in a row.
  const stay = (event: Event) => event.preventDefault();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={buttonClass('quiet')}>View</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu['menu']} align="end" sideOffset={6}>
          {columns.slice(1).map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className={menu['item']}
              checked={visibility[column.id] ?? false}
              onCheckedChange={(shown) => show(column.id, shown)}
              onSelect={stay}
            >
              <DropdownMenu.ItemIndicator className={menu['tick']} />
              {column.header}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className={menu['line']} />
          <DropdownMenu.CheckboxItem
            className={menu['item']}
            checked={density === 'comfortable'}
            onCheckedChange={(roomy) =>
              savePreferences((old) => ({ ...old, density: roomy ? 'comfortable' : 'dense' }))
            }
            onSelect={stay}
          >
            <DropdownMenu.ItemIndicator className={menu['tick']} />
            Comfortable rows
          </DropdownMenu.CheckboxItem>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** What can be done with the selected rows; counts those that the filter hides, as they are meant too. */
export function SelectionBar(props: {
  count: number;
  total: number;
  many: string;
  hidden: number;
  onClear: () => void;
  children: ReactNode;
}) {
  return (
    <div className={styles['selection']} role="region" aria-label="Selected rows">
      <strong role="status">
        {formatCount(props.count)} of {formatCount(props.total)} {props.many} selected
        {props.hidden > 0 && `, ${formatCount(props.hidden)} of them hidden by the filter`}
      </strong>
      {props.children}
      <Button look="quiet" onClick={props.onClear}>
        Clear selection
      </Button>
    </div>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
