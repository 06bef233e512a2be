/** The verb `replay`. */
import { replay, type ReplayLine, type ReplayOptions } from '../presets/replay';
import { COMPARABLE_DIGITS, isPlainDecimal, significantDigits } from '../domain/decimal';
import { givenProfile } from '../presets/import-profile';
import { statedOwner } from '../presets/instruction-text';
import { oneOf, readOptions, usage } from './options';
import { PROFILE_FLAGS } from './profile-flags';
import { lineText, resultTable } from './replay-text';

const VERB = 'replay';
const FLAGS = {
  instructions: { type: 'string' },
  trades: { type: 'string' },
  'previous-close': { type: 'string', multiple: true },
  'risk-rules': { type: 'string' },
  strategy: { type: 'string' },
  'session-end': { type: 'string' },
  commission: { type: 'string' },
  journal: { type: 'string' },
  json: { type: 'boolean' },
  ...PROFILE_FLAGS,
} as const;

export async function runReplay(args: readonly string[]): Promise<number> {
  const { options, json } = read(args);
  const progress = process.stderr.isTTY ? showProgress : undefined;
  const lines: ReplayLine[] = [];
  const finished = await replay(options, {
    line: (line) => {
      if (json) console.log(JSON.stringify(line));
      else lines.push(line);
    },
    remark: (text) => console.error(text),
    ...(progress && { progress }),
  });
  if (progress !== undefined) process.stderr.write('\r\u001b[K');
  if (json) for (const result of finished.results) console.log(JSON.stringify(result));
  else {
    const { zone, tradingDate, results, hash } = finished;
    console.log(`${tradingDate}, times in ${zone}`);
    for (const line of lines) console.log(lineText(line, zone));
    console.log(`\n${resultTable(results)}\nrun ${hash}`);
  }
  return 0;
}

function read(args: readonly string[]): {
  readonly options: ReplayOptions;
  readonly json: boolean;
} {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  const { instructions, trades } = values;
  const profile = givenProfile(values.profile, values);
  if (instructions === undefined) throw usage(VERB, '--instructions FILE is missing.');
  const own = statedOwner(instructions).strategy;
  const strategy = values.strategy ?? own ?? profile.strategy ?? 'default';
  if (own !== null && own !== strategy) {
    throw usage(VERB, `--strategy ${strategy}: the file says strategy ${own}.`);
  }
  if (trades === undefined) throw usage(VERB, '--trades FILE is missing.');
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(strategy)) {
    throw usage(VERB, `--strategy ${strategy}: a key is up to 64 letters, digits, dots, dashes.`);
  }
  const word = <T extends string>(name: 'session-end' | 'commission', permitted: readonly T[]): T =>
    oneOf({ verb: VERB, name }, values[name] ?? permitted[0] ?? '', permitted);
  return {
    json: values.json === true,
    options: {
      ...{ instructions, trades, strategy, settings: profile.settings },
      previousCloses: previousCloses(values['previous-close'] ?? []),
      riskRules: values['risk-rules'] ?? null,
      sessionEnd: word('session-end', ['calendar', 'last']),
      commission: word('commission', ['none', 'ib-fixed']),
      journal: values.journal ?? null,
    },
  };
}

/** @throws VerbError */
function previousCloses(given: readonly string[]): ReadonlyMap<string, string> {
  const closes = new Map<string, string>();
  for (const text of given) {
    const at = text.lastIndexOf('=');
    const [symbol, close] = [text.slice(0, at).trim().toUpperCase(), text.slice(at + 1).trim()];
    const usable = at > 0 && isPlainDecimal(close) && significantDigits(close) <= COMPARABLE_DIGITS;
    if (!usable || !(Number(close) > 0)) {
      throw usage(VERB, `--previous-close ${text} must read like IBM=182.01.`);
    }
    if (closes.has(symbol)) throw usage(VERB, `--previous-close names ${symbol} twice.`);
    closes.set(symbol, close);
  }
  return closes;
}

function showProgress(done: number, of: number): void {
  const percent = of === 0 ? 100 : Math.floor((done / of) * 100);
  process.stderr.write(`\rreplay ${percent} % of ${of.toLocaleString('en-US')} trades`);
}
