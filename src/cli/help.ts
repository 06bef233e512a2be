/** What `tidegate help` says, with an example for every verb. */

const OVERVIEW = `Tidegate: systematic trading on Interactive Brokers, explained order by order.

Usage: tidegate <verb> [flags]

  replay               run an instruction file over recorded trades
  rules check          check a rule folder: syntax, schema, examples
  instructions check   check an instruction file
  version              print the version
  help [verb]          this text, or how a verb is called

Exit codes: 0 ok, 1 error, 2 wrong usage or invalid file, 130 interrupted.`;

const REPLAY = `tidegate replay: runs an instruction file over recorded trades, as fast as it can.

  --instructions FILE          the instruction file (JSON)
  --trades FILE                the trades: CSV time,symbol,price,size; .gz is read too
  --previous-close SYM=PRICE   the previous session's close; repeat per symbol
  --risk-rules DIR|none        risk rules; default: the shipped ones. The hard limits always
                               stay on, and conditional orders are always the shipped ones
  --strategy KEY               who owns the orders (default: default)
  --session-end calendar|last  end at the exchange's close (default), or at the last trade
  --commission none|ib-fixed   default: none
  --journal FILE               keep the journal; called again, the run continues where it stopped
  --json                       JSON lines on stdout instead of text

The account starts with USD 100,000 and may sell short.

Examples:
  tidegate replay --instructions examples/demo.json --trades examples/demo-trades.csv.gz
  tidegate replay --instructions day.json --trades ibm.csv.gz --previous-close IBM=182.01 --json
  tidegate replay --instructions day.json --trades btc.csv --session-end last --risk-rules none`;

const INSTRUCTIONS = `tidegate instructions check FILE: says what is wrong with an instruction file.
It proposes the corrected order where there is one. Nothing is armed.

  --strict  one refused symbol refuses the whole file
  --json    one JSON object: fileName, contentHash, accepted, symbols, findings

Exit code 2 when a finding is an ERROR.

Examples:
  tidegate instructions check examples/demo.json
  tidegate instructions check day.json --json`;

const RULES = `tidegate rules check [DIR]: checks risk rules and conditional orders.
Without DIR it checks the shipped ones.

  DIR      a folder with risk/ and orders/, or one of risk rules alone
  --json   one JSON object: valid, risk, orders, faults

Exit code 2 when a rule is faulty: then no rule of the folder would be loaded.

Examples:
  tidegate rules check
  tidegate rules check ./my-rules --json`;

export const HELP: Readonly<Record<string, string>> = {
  '': OVERVIEW,
  replay: REPLAY,
  'instructions check': INSTRUCTIONS,
  instructions: INSTRUCTIONS,
  'rules check': RULES,
  rules: RULES,
  version: 'tidegate version [--json]: prints the version.',
};
