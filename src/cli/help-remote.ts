/** What `tidegate help` says of the verbs that ask a running server. */

const SERVER = `  --url URL       the server (default: host and port of this folder's configuration)
  --host HOST     TIDEGATE_HOST for this call
  --port PORT     TIDEGATE_PORT for this call
  --timeout SEC   wait so long for the answer (default: 30)
  --json          print the data as JSON

The token is TIDEGATE_TOKEN, from the environment, .env or tidegate.json.`;

const ORDERS_LIST = `tidegate orders list: the orders of a running server, newest first.

  --status STATUS    of these statuses: working,armed; repeat or separate with commas
  --instrument KEY   of this instrument
  --strategy KEY     of this strategy
  --first N          how many at most (default: 50)
${SERVER}

PRICE is the limit; "at" a stop; ">" or "<" the level an armed order waits for. Times are UTC.

Examples:
  tidegate orders list --status working,armed
  tidegate orders list --strategy momentum --first 200 --json`;

const ORDERS_PLACE = `tidegate orders place: places one order on a running server. The rules
and hard limits of the server decide, as for every other order.

  --strategy KEY     who will own what is traded
  --instrument KEY   what to trade; a symbol where that is unique
  --side SIDE        BUY or SELL
  --type TYPE        MARKET, LIMIT, STOP, STOP_LIMIT, TRAILING_STOP or MARKET_IF_TOUCHED
  --quantity N       units
  --limit PRICE      for LIMIT and STOP_LIMIT
  --stop PRICE       for STOP, STOP_LIMIT, MARKET_IF_TOUCHED; of TRAILING_STOP the first stop
  --tif TIME         DAY (default), GTC, IOC or OPG (MARKET or LIMIT, held for the next open)
  --trigger KIND     hold it until CROSS_OVER, CROSS_UNDER, TOUCH, STOP or TRAIL of the level
  --level PRICE      the level of the trigger; of TRAIL the first stop
  --take-profit PRICE  of an entry: a target that arms when it fills
  --stop-loss PRICE  of an entry: a stop that arms when it fills
  --stop-limit PRICE  with --stop-loss: the limit of the order that the stop becomes
  --trail-by AMOUNT  for TRAILING_STOP and TRAIL: the distance from the best price; of an entry
                     a stop that trails, in place of --stop-loss
  --trail-percent N  the same in percent of the best price
  --activate-at PRICE  for TRAIL: it follows from this price on
  --price-source S   which price the trigger looks at: LAST (default), BID, ASK, MID or BID_ASK
                     (BUY at the ask, SELL at the bid)
  --allow-flip       may turn the position round: closes it, then opens the rest
  --account KEY      needed where there are several
  --request-id ID    names this request: repeated with the same id, nothing is placed twice;
                     made up and printed on stderr when it is not given
  --dry-run          ask the rules and place nothing
${SERVER}

Exit code 3 when the order was refused, or denied by a rule, which is printed with file and line;
4 when the answer was lost: repeat with the same --request-id to learn what became of it.

Examples:
  tidegate orders place --strategy momentum --instrument AAPL --side BUY --type LIMIT \\
    --quantity 10 --limit 172.40
  tidegate orders place --strategy momentum --instrument AAPL --side BUY --type LIMIT \\
    --quantity 10 --limit 172.40 --take-profit 180 --stop-loss 168
  tidegate orders place --strategy momentum --instrument AAPL --side SELL --type MARKET \\
    --quantity 10 --dry-run`;

const ORDERS_CANCEL = `tidegate orders cancel ID...: cancels orders of a running server, armed or
at the broker, one after the other. The broker confirms later. A repeat is safe.

${SERVER}

Exit code 3 when one was refused, 4 when an answer was lost.

Example:
  tidegate orders cancel ord-00000012 ord-00000013`;

const INSTRUCTIONS_LIST = `tidegate instructions list: the instruction files that a running server
was given, newest first, refused ones too, and how far each symbol of the latest day has come.

  --date DATE      for this trading date: 2026-11-23
  --strategy KEY   of this strategy
${SERVER}

Example:
  tidegate instructions list --strategy momentum`;

/** Settings where the file is silent. */
export const SETTINGS = `Settings that hold where the file does not state them:
  --exit-qty literal|position
  --rearm never|onFlat
  --max-cycles N
  --gap fire|ignore
  --oca-release trigger|fill
  --on-close keep|flatten
  --price-source last|bid|ask|mid|bid-ask`;

const INSTRUCTIONS_LOAD = `tidegate instructions load FILE: has a running server check an
instruction file and arm what it says. The same content for the same strategy, account, date and
settings is loaded once.

  --strategy KEY   whose it is (default: as the file says)
  --account KEY    needed where there are several and the file says none
  --date DATE      the trading date (default: as the file says, else the current session, else
                   the next one)
  --profile FILE   a profile: strategy, account, date and settings where flags do not say them
  --dry-run        show what would be armed and each symbol's worst case, and arm nothing
${SETTINGS}
${SERVER}

Exit code 2 when the file or a symbol is refused, 3 when the request is, 4 when the answer was lost.

Examples:
  tidegate instructions load day.json --strategy momentum --dry-run
  tidegate instructions load day.json --strategy momentum --date 2026-11-23`;

export const REMOTE_HELP: Readonly<Record<string, string>> = {
  'instructions list': INSTRUCTIONS_LIST,
  'instructions load': INSTRUCTIONS_LOAD,
  'orders list': ORDERS_LIST,
  'orders place': ORDERS_PLACE,
  'orders cancel': ORDERS_CANCEL,
};
