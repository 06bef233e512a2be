/** The verb `orders place`, and its rehearsal. */
import type { ApiClient } from '../client/client';
import { placeOrder, previewOrder, type WantedBracket, type WantedOrder } from '../client/orders';
import { oneOf, readOptions, usage } from './options';
import { decisionText, orderTable, previewText, wantedText } from './order-text';
import { clientOf, complainOf, remotely, SERVER_FLAGS } from './remote';

const VERB = 'orders place';
const FLAGS = {
  ...SERVER_FLAGS,
  strategy: { type: 'string' },
  instrument: { type: 'string' },
  account: { type: 'string' },
  side: { type: 'string' },
  type: { type: 'string' },
  quantity: { type: 'string' },
  limit: { type: 'string' },
  stop: { type: 'string' },
  tif: { type: 'string' },
  trigger: { type: 'string' },
  level: { type: 'string' },
  'trail-by': { type: 'string' },
  'trail-percent': { type: 'string' },
  'activate-at': { type: 'string' },
  'price-source': { type: 'string' },
  'take-profit': { type: 'string' },
  'stop-loss': { type: 'string' },
  'stop-limit': { type: 'string' },
  'allow-flip': { type: 'boolean' },
  'request-id': { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const;

const SIDES = ['BUY', 'SELL'] as const;
const TYPES = [
  ...(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'MARKET_IF_TOUCHED'] as const),
] as const;
const TIMES = ['DAY', 'GTC', 'IOC', 'OPG'] as const;
const TRIGGERS = ['CROSS_OVER', 'CROSS_UNDER', 'TOUCH', 'STOP', 'TRAIL'] as const;

const SOURCES = ['LAST', 'BID', 'ASK', 'MID', 'BID_ASK'] as const;

/** Exit code 3: the order was refused or denied; 4: its answer was lost. @throws VerbError */
export async function runOrdersPlace(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  const order = wantedOrder(values, values['allow-flip'] === true);
  const client = clientOf(VERB, values);
  const json = values.json === true;
  if (values['dry-run'] === true) return preview({ client, order, json });
  return place({ client, order, json }, values['request-id'] ?? null);
}

type Switches = 'json' | 'dry-run' | 'allow-flip';
type Values = Readonly<Partial<Record<Exclude<keyof typeof FLAGS, Switches>, string | undefined>>>;

/** @throws VerbError */
function wantedOrder(values: Values, allowFlip: boolean): WantedOrder {
  const needed = (name: keyof Values): string => {
    const value = values[name];
    if (value === undefined) throw usage(VERB, `--${name} is missing.`);
    return value;
  };
  const word = <T extends string>(name: keyof Values, given: string, permitted: readonly T[]): T =>
    oneOf({ verb: VERB, name }, given.toUpperCase().replaceAll('-', '_'), permitted);
  const held = values.trigger !== undefined || values.level !== undefined;
  const trail = {
    trailBy: values['trail-by'] ?? null,
    trailPercent: values['trail-percent'] ?? null,
  };
  const noTrail = { trailBy: null, trailPercent: null };
  const bracket = wantedBracket(values, trail);
  const activateAt = values['activate-at'] ?? null;
  if (!held && activateAt !== null) {
    throw usage(VERB, '--activate-at belongs to --trigger TRAIL.');
  }
  const source = values['price-source'];
  if (!held && source !== undefined) throw usage(VERB, '--price-source belongs to --trigger.');
  return {
    strategy: needed('strategy'),
    instrument: needed('instrument'),
    account: values.account ?? null,
    side: word('side', needed('side'), SIDES),
    type: word('type', needed('type'), TYPES),
    quantity: needed('quantity'),
    limitPrice: values.limit ?? null,
    stopPrice: values.stop ?? null,
    timeInForce: word('tif', values.tif ?? 'DAY', TIMES),
    allowFlip,
    ...(held || bracket !== null ? noTrail : trail),
    bracket,
    trigger: held
      ? {
          kind: word('trigger', needed('trigger'), TRIGGERS),
          level: needed('level'),
          ...{ ...(bracket === null ? trail : noTrail), activateAt },
          priceSource: source === undefined ? null : word('price-source', source, SOURCES),
        }
      : null,
  };
}

/** Exits of an entry. A distance is theirs, unless the order itself or its trigger trails. */
function wantedBracket(values: Values, trail: Distance): WantedBracket | null {
  const asked = {
    takeProfit: values['take-profit'] ?? null,
    stopLoss: values['stop-loss'] ?? null,
    stopLimit: values['stop-limit'] ?? null,
  };
  const kinds = [values.type, values.trigger].map((word) => word?.toUpperCase());
  const entry = kinds[0] === 'MARKET' || kinds[0] === 'LIMIT';
  const trails = entry && kinds[1] !== 'TRAIL' ? trail : { trailBy: null, trailPercent: null };
  const bracket = { ...asked, ...trails };
  return Object.values(bracket).some((each) => each !== null) ? bracket : null;
}
type Distance = Pick<WantedBracket, 'trailBy' | 'trailPercent'>;

interface Errand {
  readonly client: ApiClient;
  readonly order: WantedOrder;
  readonly json: boolean;
}

async function preview({ client, order, json }: Errand): Promise<number> {
  const decision = await remotely(() => previewOrder(client, order));
  if (json) console.log(JSON.stringify(decision));
  else {
    const verdict = decision.approved ? 'would be approved' : 'would be denied';
    console.log(`${wantedText(order)} ${verdict}. Nothing was placed.\n${previewText(decision)}`);
  }
  return decision.approved ? 0 : 3;
}

async function place({ client, order, json }: Errand, given: string | null): Promise<number> {
  const requestId = given ?? `cli-${crypto.randomUUID()}`;
  // Before it is sent, so that it is known whatever becomes of this process.
  if (given === null) console.error(`request id ${requestId}`);
  const repeat = `repeat the same command with --request-id ${requestId}: nothing is placed twice.`;
  const placed = await remotely(
    () => placeOrder(client, requestId, order),
    `It is unknown whether the order was placed; ${repeat}`,
  );
  complainOf(placed.userErrors);
  if (json) console.log(JSON.stringify({ requestId, ...placed }));
  else if (placed.order !== null) {
    const { decision, status } = placed.order;
    console.log(orderTable([placed.order]));
    if (status === 'DENIED' && decision !== null) console.log(decisionText(decision));
  }
  return placed.userErrors.length > 0 ? 3 : 0;
}
