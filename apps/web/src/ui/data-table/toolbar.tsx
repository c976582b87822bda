'use client';

import { countOf, formatCount } from '@hostmesh/core';
import { type ReactNode, useId } from 'react';
import { Button } from '../button/button.tsx';
import { Popup } from '../overlay/popup.tsx';
import { saveFile } from '../save-file.ts';
import { type Column, toCsv } from './column.ts';
import styles from './data-table.module.css';
import { type Density, savePreferences } from './preferences.ts';

interface ToolbarProps<Row> {
  name: string;
  noun: readonly [one: string, many: string];
  total: number;
  /** The rows as they stand in the table. */
  shown: readonly Row[];
  columns: readonly Column<Row>[];
  visibility: Readonly<Record<string, boolean>>;
  density: Density;
  filter: string;
  unknown: readonly string[];
  /** A token that would match something here. */
  example: string | null;
  onFilter: (text: string) => void;
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
        {formatCount(shown.length)} of {countOf(total, ...noun)}
      </span>
      <div className={styles['tools']}>
        {props.tools}
        <ViewMenu {...props} />
        <Button
          look="quiet"
          whyDisabled={shown.length === 0 ? 'No row is shown' : null}
          onClick={() =>
            saveFile(`${props.name}.csv`, new Blob([toCsv(shown, columns)], { type: 'text/csv' }))
          }
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
  return (
    <Popup button="View" title="Columns and density">
      <fieldset>
        <legend className="unseen">Columns</legend>
        {columns.slice(1).map((column) => (
          <label key={column.id}>
            <input
              type="checkbox"
              checked={visibility[column.id] ?? false}
              onChange={(event) => show(column.id, event.target.checked)}
            />
            {column.header}
          </label>
        ))}
      </fieldset>
      <label>
        <input
          type="checkbox"
          checked={density === 'comfortable'}
          onChange={(event) => {
            const chosen = event.target.checked ? 'comfortable' : 'dense';
            savePreferences((old) => ({ ...old, density: chosen }));
          }}
        />
        Comfortable rows
      </label>
    </Popup>
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
