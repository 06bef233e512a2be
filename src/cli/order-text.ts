/** Orders and decisions as people read them in a terminal. */
import type { ListedOrder, OrderDecision, PreviewDecision } from '../client/orders';
import type { RuleCheck, WantedBracket, WantedOrder } from '../client/orders';
import { tableOf, type Column } from '../client/table';

const SHORT: Readonly<Record<string, string>> = {
  ...{ MARKET: 'MKT', LIMIT: 'LMT', STOP: 'STP', STOP_LIMIT: 'STP LMT', MARKET_IF_TOUCHED: 'MIT' },
  TRAILING_STOP: 'TRAIL',
};

const COLUMNS: readonly Column<ListedOrder>[] = [
  { head: 'ID', text: ({ id }) => id },
  { head: 'STATUS', text: ({ status }) => status },
  { head: 'SIDE', text: ({ side }) => side },
  { head: 'FILLED', text: (order) => `${order.filledQuantity}/${order.quantity}`, right: true },
  { head: 'INSTRUMENT', text: ({ instrument }) => instrument.key, least: 8 },
  { head: 'TYPE', text: typeText },
  { head: 'PRICE', text: priceText, right: true },
  { head: 'STRATEGY', text: ({ strategy }) => strategy.key, least: 8 },
  { head: 'CREATED', text: ({ createdAt }) => timeText(createdAt) },
];

export function orderTable(orders: readonly ListedOrder[]): string {
  return tableOf(COLUMNS, orders);
}

/** With the time, UTC, at which a staged one is sent. */
function typeText({ type, releaseAt }: ListedOrder): string {
  const short = SHORT[type] ?? type;
  return releaseAt === null ? short : `${short} at the open, sent ${timeText(releaseAt)}`;
}

/** `stop 65 limit 64.9`; the level of an armed order is told by how it is compared. */
function priceText({ limitPrice, stopPrice, trigger, status }: ListedOrder): string {
  if (status === 'ARMED' && trigger !== null) {
    const sign = { CROSS_OVER: '> ', CROSS_UNDER: '< ' }[trigger.kind] ?? 'at ';
    const { priceSource } = trigger;
    const looks = priceSource === 'LAST' ? '' : ` ${sourceText(priceSource)}`;
    return `${sign}${trigger.level}${looks}`;
  }
  const stop = stopPrice === null ? '' : `at ${stopPrice}`;
  if (limitPrice === null) return stop === '' ? '-' : stop;
  return stop === '' ? limitPrice : `${stop} limit ${limitPrice}`;
}

/** Month, day and minute, UTC. */
export function timeText(iso: string): string {
  return iso.slice(5, 16).replace('T', ' ');
}

export function wantedText(order: WantedOrder): string {
  const { side, quantity, instrument, type, limitPrice, stopPrice, timeInForce, trigger } = order;
  const stop = stopPrice === null ? '' : ` at ${stopPrice}`;
  const limit = limitPrice === null ? '' : ` limit ${limitPrice}`;
  const what = type === 'LIMIT' ? '' : ` ${type}`;
  const source = trigger?.priceSource ?? null;
  const looks = source === null ? '' : `, looking at ${sourceText(source)}`;
  const when = trigger === null ? '' : ` on ${trigger.kind} of ${trigger.level}${looks}`;
  const behind = behindText(trigger ?? order);
  const asked = `${side} ${quantity} ${instrument}${what}${stop}${limit} ${timeInForce}${when}`;
  return `${asked}${behind}${bracketText(order.bracket)}`;
}

/** `, take-profit 75, stop 65 limit 64`, of what is placed with its exits. */
function bracketText(bracket: WantedBracket | null): string {
  if (bracket === null) return '';
  const { takeProfit, stopLoss, stopLimit } = bracket;
  const limit = stopLimit === null ? '' : ` limit ${stopLimit}`;
  const stop = `${stopLoss === null ? '' : ` ${stopLoss}`}${limit}${behindText(bracket)}`;
  return `${takeProfit === null ? '' : `, take-profit ${takeProfit}`}${stop && `, stop${stop}`}`;
}

/** `bid-ask`, as an instruction file has it. */
function sourceText(source: string): string {
  return source.toLowerCase().replace('_', '-');
}

/** ` 2.5 behind`, of what trails. */
function behindText({ trailBy, trailPercent }: Pick<WantedOrder, 'trailBy' | 'trailPercent'>) {
  const distance = trailBy ?? (trailPercent === null ? null : `${trailPercent}%`);
  return distance === null ? '' : ` ${distance} behind`;
}

/** Every rule that stands against the order, or warns of it, with file and line. */
export function decisionText(decision: OrderDecision): string {
  const failed = decision.checks.filter(({ outcome }) => outcome === 'FAILED');
  const lines = failed.map(
    ({ effect, ruleKey, message, location }: RuleCheck) =>
      `  ${effect} ${ruleKey}: ${message ?? 'failed'}${location === null ? '' : ` (${location})`}`,
  );
  const passed = decision.checks.filter(({ outcome }) => outcome === 'PASSED').length;
  return [...lines, `  ${passed} other rules passed.`].join('\n');
}

/** Of a flip both parts, each with what stands against it. */
export function previewText({ opening, ...closing }: PreviewDecision): string {
  if (opening === null) return decisionText(closing);
  const parts = [
    `First ${closing.quantity} to close the position:\n${decisionText(closing)}`,
    `Then ${opening.quantity} to open the rest:\n${decisionText(opening)}`,
  ];
  return ['It is a flip, two orders.', ...parts].join('\n');
}
