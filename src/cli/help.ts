/** What `tidegate help` says, with an example for every verb. */
import { REMOTE_HELP, SETTINGS } from './help-remote';

const OVERVIEW = `Tidegate: systematic trading on Interactive Brokers, explained order by order.

Usage: tidegate <verb> [flags]

  start                run the live server: demo by default, or a paper account
  gateway              run a TWS gateway over a made-up or recorded market
  replay               run an instruction file over recorded trades
  rules check          check a rule folder: syntax, schema, examples
  instructions check   check an instruction file
  instructions fix     write a corrected copy of an instruction file
  instructions list    the instruction files that a running server was given
  instructions load    have a running server arm an instruction file
  orders list          the orders of a running server
  orders place         place an order on a running server
  orders cancel        cancel orders of a running server
  config show          every setting with where it came from
  schema print         print the GraphQL schema
  version              print the version
  help [verb]          this text, or how a verb is called

Exit codes: 0 ok, 1 error, 2 wrong usage or invalid file, 3 refused by the server or its rules,
4 the answer of a server was lost: it may have been done, 130 interrupted.`;

const START = `tidegate start: runs the live server until Ctrl-C or SIGTERM.
\`npm start\` does the same.

  --mode MODE   demo (default): embedded gateway, made-up prices, no account needed;
                paper: a paper account at IB_HOST, IB_PORT, IB_CLIENT_ID

Every other setting has a flag, too: docs/configuration.md, or \`tidegate config show\`.
Exit code 1 when something cannot be opened, 2 when the configuration cannot be used.

Examples:
  tidegate start
  tidegate start --mode paper --port 4010`;

const GATEWAY = `tidegate gateway: speaks the TWS protocol (versions 151 to 193) to its clients,
with the account DU0000001, USD 100,000 and a made-up market of ten US shares.

  --host HOST     where to listen (default: 127.0.0.1)
  --port PORT     the port (default: 7597; 0: a free one)
  --data FILE     keep orders, executions, positions, cash, ids and market time in this file;
                  started again with it, the gateway goes on; without it all is forgotten
  --speed NUMBER  market seconds a second (default: 1)
  --seed NUMBER   what the made-up market is made of (default: 1)
  --trades FILE   a recorded day as the market: CSV time,symbol,price,size; .gz is read too

It runs until SIGINT (Ctrl-C) or SIGTERM.

Examples:
  tidegate gateway
  tidegate gateway --data gateway.db --speed 10
  tidegate gateway --trades examples/demo-trades.csv.gz --port 7600`;

const REPLAY = `tidegate replay: runs an instruction file over recorded trades, as fast as it can.

  --instructions FILE          the instruction file (JSON)
  --trades FILE                the trades: CSV time,symbol,price,size; .gz is read too
  --previous-close SYM=PRICE   the previous session's close; repeat per symbol
  --risk-rules DIR|none        risk rules; default: the shipped ones. The hard limits always
                               stay on, and conditional orders are always the shipped ones
  --strategy KEY               who owns the orders (default: as the file says, else default)
  --profile FILE               a profile: strategy and settings where flags do not say them
  --session-end calendar|last  end at the exchange's close (default), or at the last trade
  --commission none|ib-fixed   default: none
  --journal FILE               keep the journal; called again, the run continues where it stopped
  --json                       JSON lines on stdout instead of text

${SETTINGS}

The account starts with USD 100,000 and may sell short.

Examples:
  tidegate replay --instructions examples/demo.json --trades examples/demo-trades.csv.gz
  tidegate replay --instructions day.json --trades ibm.csv.gz --previous-close IBM=182.01 --json
  tidegate replay --instructions day.json --trades btc.csv --session-end last --risk-rules none`;

const INSTRUCTIONS = `tidegate instructions check FILE: says what is wrong with an instruction file.
It proposes the corrected order where there is one, and shows the worst case of each symbol by its
levels: every one filled, then the stops hit. A server holds it against the limits. Nothing is
armed.

  --strict  one refused symbol refuses the whole file
  --json    one JSON object: fileName, contentHash, accepted, symbols, findings

Exit code 2 when a finding is an ERROR.

Examples:
  tidegate instructions check examples/demo.json
  tidegate instructions check day.json --json`;

const INSTRUCTIONS_FIX = `tidegate instructions fix FILE: writes a corrected copy of a file and
shows what it changed. The file itself is never touched, and what is not corrected stays byte
for byte.

  --out FILE  the copy (default: beside the file, as <name>.fixed.json)
  --force     replace a copy that is there
  --json      one JSON object: file, copy, corrections, left, warnings, diff

Corrected is what can have been meant in one way only: a missing comma before the next line's key,
a comma too many, a key that is nearly a known one, capitals, numbers such as "1,234.50" or 1e2,
and the Action of an order whose comment says the opposite. The rest is listed as left. Without a
correction nothing is written.

Exit code 2 when an error is left, 0 when the copy checks clean.

Examples:
  tidegate instructions fix examples/conflicts.json --out /tmp/conflicts.json
  tidegate instructions fix day.json --json`;

const RULES = `tidegate rules check [DIR]: checks risk rules and conditional orders.
Without DIR it checks the shipped ones.

  DIR      a folder with risk/ and orders/, or one of risk rules alone
  --json   one JSON object: valid, risk, orders, faults

Exit code 2 when a rule is faulty: then no rule of the folder would be loaded.

Examples:
  tidegate rules check
  tidegate rules check ./my-rules --json`;

const CONFIG = `tidegate config show: prints every setting with its value and where it came from.
Secrets are masked. It takes the flags of the start and reads what the start would read.

  --json   one JSON object: settings by name, and remarks

Exit code 2 when the configuration cannot be used; every fault is named.
The settings: docs/configuration.md.

Examples:
  tidegate config show
  tidegate config show --mode paper --port 4010 --json`;

const SCHEMA = `tidegate schema print: prints the GraphQL schema of this version, as it is shipped.

Example:
  tidegate schema print > schema.graphql`;

export const HELP: Readonly<Record<string, string>> = {
  '': OVERVIEW,
  start: START,
  gateway: GATEWAY,
  replay: REPLAY,
  'instructions check': INSTRUCTIONS,
  'instructions fix': INSTRUCTIONS_FIX,
  ...REMOTE_HELP,
  instructions: INSTRUCTIONS,
  'rules check': RULES,
  rules: RULES,
  'config show': CONFIG,
  config: CONFIG,
  'schema print': SCHEMA,
  schema: SCHEMA,
  version: 'tidegate version [--json]: prints the version.',
};
