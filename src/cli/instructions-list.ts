/** The verb `instructions list`. */
import { listInstructionFiles, type ListedFile } from '../client/instructions';
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
  else console.log(tableOf(COLUMNS, files));
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
