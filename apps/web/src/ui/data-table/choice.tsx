import styles from './choice.module.css';

/** Narrows what a table is read with, beside its filter: to one of `words`, by value, or to none of them, which is called `all`. */
export function Choice(props: {
  label: string;
  value: string;
  all: string;
  words: Readonly<Record<string, string>>;
  choose: (value: string) => void;
}) {
  const { label, value, all, words, choose } = props;
  return (
    <label className={styles['choice']}>
      <span className="quiet">{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{all}</option>
        {Object.entries(words).map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}
