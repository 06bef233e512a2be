/**
 * The feeds of what only matters now: profit, quotes, log lines. Nothing of them is in the
 * journal, so they cannot be resumed; what a slow subscriber misses is gone.
 */
import { Args, Resolver, Root, Subscription } from 'type-graphql';
import type { Listen, LogEntry, LogLevel } from '../domain/desk';
import type { InstrumentKey } from '../domain/ids';
import { latest, newest } from '../engine/latest-feed';
import { LogFeedArgs, PnlFeedArgs, QuoteFeedArgs } from '../schema/args';
import { ApiLogLine, ApiPnlFeedMessage } from '../schema/feeds';
import { ApiQuote } from '../schema/instrument';
import type { ApiContext } from './context';
import { feedOf, rateOf } from './feed-iterator';
import { findStrategy, lookUpInstrument } from './find';
import type { QuoteView } from './instrument.view';
import { pnlRowsOf, type PnlRow } from './pnl-rows';
import { badUserInput } from './errors';
import { mustFind } from './user-errors';
import { viewsOf } from './views';

interface Subscribing<Args> {
  readonly args: Args;
  readonly context: ApiContext;
}

/** Instruments of one quote feed. */
const MOST_INSTRUMENTS = 500;
/** Log lines that wait for a slow reader. */
const KEPT_LINES = 1_000;
const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];

async function quotes({
  args,
  context,
}: Subscribing<QuoteFeedArgs>): Promise<AsyncIterableIterator<QuoteView>> {
  const { desk } = context;
  if (args.instruments.length > MOST_INSTRUMENTS) {
    throw badUserInput(`One quote feed is of at most ${MOST_INSTRUMENTS} instruments.`);
  }
  const wanted = new Set<InstrumentKey>();
  // One after the other: the broker limits how often it is asked.
  for (const key of args.instruments) {
    wanted.add(mustFind('instruments', await lookUpInstrument(context, key)));
  }
  for (const key of wanted) desk.watch(key);
  const views = viewsOf(context);
  const known = [...wanted].map((key) => desk.quote(key)).filter((quote) => quote !== null);
  const rest = latest<QuoteView>({
    listen: (listener) =>
      desk.onQuote((quote) => {
        if (wanted.has(quote.instrument)) listener(views.quote(quote));
      }),
    keyOf: ({ key }) => key,
    initial: known.map((quote) => views.quote(quote)),
    maxPerSecond: rateOf(args.maxPerSecond),
  });
  return feedOf([], rest);
}

function profits({ args, context }: Subscribing<PnlFeedArgs>): AsyncIterableIterator<PnlRow> {
  const { state } = context.engine;
  const strategy =
    args.strategy == null ? null : mustFind('strategy', findStrategy(state, args.strategy));
  const wanted = (row: PnlRow): boolean => strategy === null || row.owner === strategy;
  const maxPerSecond = rateOf(args.maxPerSecond);
  const rows = pnlRowsOf(context);
  const rest = latest<PnlRow>({
    listen: rows.listen,
    keyOf: (row) => (wanted(row) ? row.key : null),
    initial: rows.all().filter(wanted),
    maxPerSecond,
  });
  return feedOf([], rest);
}

function lines({ args, context }: Subscribing<LogFeedArgs>): AsyncIterableIterator<LogEntry> {
  const least = LEVELS.indexOf(args.level);
  const listen: Listen<LogEntry> = context.desk.onLog;
  const accepts = ({ level }: LogEntry): boolean => LEVELS.indexOf(level) >= least;
  return feedOf([], newest<LogEntry>({ listen, accepts, keep: KEPT_LINES }));
}

@Resolver()
export class LiveResolver {
  @Subscription(() => ApiPnlFeedMessage, {
    description:
      'Profit and loss by owner and account: what is known, then what changes. Latest values ' +
      'only; intermediate values may be skipped.',
    subscribe: profits,
  })
  pnlFeed(@Root() row: PnlRow, @Args(() => PnlFeedArgs) _args: PnlFeedArgs): ApiPnlFeedMessage {
    return row;
  }

  @Subscription(() => ApiQuote, {
    description: 'Prices: what is known, then what changes. Latest values only.',
    subscribe: quotes,
  })
  quoteFeed(@Root() quote: QuoteView, @Args(() => QuoteFeedArgs) _args: QuoteFeedArgs): ApiQuote {
    return quote;
  }

  @Subscription(() => ApiLogLine, {
    description: 'Log lines from now on; of a slow subscriber, the newest.',
    subscribe: lines,
  })
  logFeed(@Root() line: LogEntry, @Args(() => LogFeedArgs) _args: LogFeedArgs): ApiLogLine {
    return line;
  }
}
