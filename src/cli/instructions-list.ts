/** The verb `instructions list`: files, and how far each symbol of the latest day has come. */
import { listInstructionFiles, type ListedFile, type ListedSymbol } from '../client/instructions';
import { tableOf, type Column } from '../client/table';
import { readOptions, usage } from './options';
import { timeText } from './order-text';
import { clientOf, remotely, SERVER_FLAGS } from './remote';

const VERB = 'instructions list';
const FLAGS = {
  ...SERVER_FLAGS,
  date: { type: 'string' },
  strategy: { type: 'string' },
} as const;

/** @throws VerbError */
export async function runInstructionsList(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  const query = { date: values.date ?? null, strategy: values.strategy ?? null };
  const client = clientOf(VERB, values);
  const files = await remotely(() => listInstructionFiles(client, query));
  if (values.json === true) console.log(JSON.stringify(files));
  else if (files.length === 0) console.log('There are no such instruction files.');
  else console.log([tableOf(COLUMNS, files), ...symbolsText(files)].join('\n\n'));
  return 0;
}

const COLUMNS: readonly Column<ListedFile>[] = [
  { head: 'ID', text: ({ id }) => id },
  { head: 'DATE', text: ({ tradingDate }) => tradingDate },
  { head: 'STRATEGY', text: ({ strategy }) => strategy.key, least: 8 },
  { head: 'FILE', text: ({ fileName }) => fileName, least: 12 },
  { head: 'LOADED', text: ({ loadedAt }) => timeText(loadedAt) },
  { head: 'SYMBOLS', text: loadedOf, right: true },
  { head: 'ERRORS', text: ({ findings }) => String(errorsOf(findings)), right: true },
  { head: 'REFUSED', text: refusedOf, least: 8 },
];

function loadedOf({ symbols }: ListedFile): string {
  return `${symbols.filter(({ accepted }) => accepted).length}/${symbols.length}`;
}

function errorsOf(findings: ListedFile['findings']): number {
  return findings.filter(({ severity }) => severity === 'ERROR').length;
}

function refusedOf({ accepted, symbols }: ListedFile): string {
  if (!accepted) return 'the file';
  const refused = symbols.filter((each) => !each.accepted).map(({ symbol }) => symbol);
  return refused.length === 0 ? '-' : refused.join(' ');
}

/** More rows than anybody reads. */
const MOST_SYMBOLS = 500;

interface Row extends ListedSymbol {
  readonly file: string;
}

/** Of the latest day that is listed. */
function symbolsText(files: readonly ListedFile[]): readonly string[] {
  const dates = files.map(({ tradingDate }) => tradingDate).sort();
  const day = dates.at(-1);
  const rows = files
    .filter(({ tradingDate }) => tradingDate === day)
    .flatMap(({ id, symbols }) => symbols.map((each): Row => ({ ...each, file: id })));
  if (rows.length === 0) return [];
  const more = rows.length - MOST_SYMBOLS;
  const rest = more > 0 ? [`${more} more symbols are in --json.`] : [];
  return [tableOf(SYMBOL_COLUMNS, rows.slice(0, MOST_SYMBOLS)), ...rest];
}

const SYMBOL_COLUMNS: readonly Column<Row>[] = [
  { head: 'FILE', text: ({ file }) => file },
  { head: 'SYMBOL', text: ({ symbol }) => symbol },
  { head: 'STATE', text: ({ state }) => state ?? '-' },
  { head: 'TRIPS', text: ({ cycles, maxCycles }) => `${cycles}/${maxCycles ?? '-'}`, right: true },
  { head: 'IN', text: ({ enteredQuantity }) => enteredQuantity, right: true },
  { head: 'OUT', text: ({ exitedQuantity }) => exitedQuantity, right: true },
  {
    head: 'REALIZED',
    text: ({ realized }) => (realized === null ? '-' : `${realized.amount} ${realized.currency}`),
    right: true,
  },
  { head: 'WHY', text: ({ reason }) => reason ?? '-', least: 20 },
];
