import { fail, ok, type Fault, type Result } from '../fault.ts';

/** A text that is no value of its type. The message never repeats the text: it might be a secret. */
type ConfigValueFault = Fault<'invalid_value'>;

/** How values of one type are written (Reference 7.2). `parse(print(v))` gives `v` back; `print` is canonical. */
export interface ConfigCodec<T> {
  /** The type's name for people. */
  readonly type: string;
  parse(text: string): Result<T, ConfigValueFault>;
  print(value: T): string;
}

/** Builds a codec from a parser that gives `undefined` for what it does not accept. */
export const codecOf = <T>(
  type: string,
  expected: string,
  parse: (text: string) => T | undefined,
  print: (value: T) => string,
): ConfigCodec<T> => ({
  type,
  parse: (text) => {
    const value = parse(text);
    return value === undefined ? fail({ code: 'invalid_value', message: `expected ${expected}` }) : ok(value);
  },
  print,
});
