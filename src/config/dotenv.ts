/**
 * Reads the text of a `.env` file: NAME=value, one a line. Must not know which names mean
 * something, nor touch the environment of the process.
 */

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}
export interface DotenvFault {
  readonly line: number;
  readonly message: string;
}
export interface Dotenv {
  /** In the order of the text; of a name that occurs twice the last one counts. */
  readonly entries: readonly DotenvEntry[];
  readonly faults: readonly DotenvFault[];
}

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/;
const QUOTED = /^(["'])((?:\\.|(?!\1)[^\\]|\\)*)\1\s*(?:#.*)?$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Blank lines and lines that begin with # are skipped. A value may stand in quotes; in double ones
 * \n, \r, \t, \" and \\ are read. Without quotes it ends before a blank with a # after it. Nothing
 * is put in for $NAME: a password may hold one.
 */
export function parseDotenv(text: string): Dotenv {
  const entries: DotenvEntry[] = [];
  const faults: DotenvFault[] = [];
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .forEach((raw, index) => {
      const line = index + 1;
      const content = raw.trim();
      if (content === '' || content.startsWith('#')) return;
      const [, name, rest] = ASSIGNMENT.exec(content) ?? [];
      if (name === undefined || rest === undefined) {
        faults.push({ line, message: 'the line is not NAME=value' });
        return;
      }
      const value = valueOf(rest);
      if (value === null) faults.push({ line, message: `the quote of ${name} does not close` });
      else entries.push({ name, value, line });
    });
  return { entries, faults };
}

/** Null where a quote opens and does not close on the line. */
function valueOf(rest: string): string | null {
  if (!/^["']/.test(rest)) return rest.replace(/(^|\s+)#.*$/, '').trim();
  const [, quote, inner] = QUOTED.exec(rest) ?? [];
  if (inner === undefined) return null;
  if (quote === "'") return inner;
  return inner.replace(/\\([nrt"\\])/g, (_whole, letter: string) => ESCAPES[letter] ?? letter);
}
