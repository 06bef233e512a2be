/**
 * Checks a conditional order beyond its schema: exactly one price leg, in the root `all`; nothing
 * else where the broker holds it; examples that run through the evaluation that will fire orders.
 * Knows nothing of other rules, nor of how orders are armed.
 */
import { ORDER_KINDS, type OrderKind, type PriceLeg } from '../../domain/conditional';
import type { HeldBy, OrderRole } from '../../domain/order';
import type { FactValue } from '../../domain/verdict';
import { assessOrder, prepareOrder, type PreparedOrder } from './assess-conditional';
import { checkConditions, placedLeaves, type PlacedLeaf } from './check-conditions';
import { isLeg, LEGS, triggerOf } from './operators';
import { canonicalJson, isAll, type Group, type OrderExample, type OrderRule } from './rule-set';
import type { SourceFile } from './source-file';

interface OrderContent {
  readonly key: string;
  readonly description: string;
  readonly conditions: Group;
  readonly order: { readonly role: OrderRole; readonly heldBy: HeldBy };
  readonly examples: readonly OrderExample[];
}

/** What an example means by silence. */
const QUIET: Readonly<Record<string, FactValue>> = {
  allocationQuantity: 0,
  addsInFlight: 0,
  exitsInFlight: 0,
  tradingState: 'ACTIVE',
};

/** What the engine counts on for the kinds it arms itself; conditions may be added to them. */
const EXPECTED: Readonly<Record<OrderKind, readonly [OrderRole, HeldBy, PriceLeg]>> = {
  'entry-on-cross-over': ['ENTRY', 'ENGINE', 'crossesAbove'],
  'entry-on-cross-under': ['ENTRY', 'ENGINE', 'crossesBelow'],
  'take-profit': ['TAKE_PROFIT', 'BROKER', 'touches'],
  'take-profit-on-touch': ['TAKE_PROFIT', 'ENGINE', 'touches'],
  'stop-loss': ['STOP_LOSS', 'BROKER', 'stopsAt'],
  'stop-loss-held-here': ['STOP_LOSS', 'ENGINE', 'stopsAt'],
  'trailing-stop': ['STOP_LOSS', 'BROKER', 'trailsAt'],
  'trailing-stop-from-price': ['STOP_LOSS', 'ENGINE', 'trailsAt'],
  dca: ['DCA', 'BROKER', 'touches'],
  'dca-on-touch': ['DCA', 'ENGINE', 'touches'],
  pyramid: ['PYRAMID', 'BROKER', 'stopsAt'],
  'by-hand-on-cross-over': ['MANUAL', 'ENGINE', 'crossesAbove'],
  'by-hand-on-cross-under': ['MANUAL', 'ENGINE', 'crossesBelow'],
  'by-hand-on-touch': ['MANUAL', 'ENGINE', 'touches'],
  'by-hand-on-stop': ['MANUAL', 'ENGINE', 'stopsAt'],
  'by-hand-on-trail': ['MANUAL', 'ENGINE', 'trailsAt'],
};

/** The rule of a file that fits its schema, or null; what is wrong is reported to the file. */
export async function readOrderRule(file: SourceFile, content: unknown): Promise<OrderRule | null> {
  const given = content as OrderContent;
  const { key, description, conditions, order, examples } = given;
  checkConditions(file, given);
  const leg = checkLeg(file, given);
  checkExamples(file, examples);
  if (leg === null || !isAll(conditions)) return null;
  checkExpected(file, given, leg);
  const rule: OrderRule = {
    key,
    description,
    conditions,
    leg,
    kind: { key, role: order.role, heldBy: order.heldBy, leg, trigger: triggerOf(leg) },
    examples,
    location: `orders/${file.source.name}:${file.lineOf('conditions')}`,
    canonical: canonicalJson(content),
  };
  if (file.faults.length === 0) await runExamples(file, rule);
  return rule;
}

/** The one price leg, or null when there is not exactly one where it must stand. */
function checkLeg(file: SourceFile, { conditions, order }: OrderContent): PriceLeg | null {
  const code = 'RULE_PRICE_LEG';
  const leaves = placedLeaves(conditions);
  const legs = leaves.filter(({ leaf }) => isLeg(leaf.operator));
  if (!isAll(conditions)) {
    const message = 'a conditional order needs "all" at the root, with its price leg in it';
    file.complain('/conditions', { code, message });
    return null;
  }
  const [first, second] = legs;
  if (first === undefined) {
    const names = LEGS.map((leg) => leg.name).join(', ');
    const message = `has no price leg: a condition on "price" with one of ${names}`;
    file.complain('/conditions', { code, message });
    return null;
  }
  if (second !== undefined) {
    const message = 'is a second price leg: an order is released by exactly one';
    file.complain(second.pointer, { code, message });
    return null;
  }
  if (first.depth !== 1) {
    const message = 'the price leg must stand in the root "all", not inside another group';
    file.complain(first.pointer, { code, message });
    return null;
  }
  const { operator } = first.leaf;
  if (!isLeg(operator)) return null;
  if (order.heldBy === 'BROKER') checkBrokerHeld(file, first, leaves);
  return operator;
}

const BROKER_LEGS: ReadonlySet<string> = new Set(['touches', 'stopsAt', 'trailsAt']);

function checkBrokerHeld(file: SourceFile, leg: PlacedLeaf, leaves: readonly PlacedLeaf[]): void {
  const code = 'RULE_BROKER_HELD';
  if (!BROKER_LEGS.has(leg.leaf.operator)) {
    const message =
      `the broker cannot hold an order that "${leg.leaf.operator}": ` +
      'it holds a limit (touches), a stop (stopsAt) or a trailing stop (trailsAt)';
    const suggestion = 'set heldBy to "ENGINE"';
    file.complain(`${leg.pointer}/operator`, { code, message, suggestion });
  }
  for (const other of leaves) {
    if (other === leg) continue;
    const message = 'the broker cannot check this: an order held there has only its price leg';
    const suggestion = 'set heldBy to "ENGINE"';
    file.complain(other.pointer, { code, message, suggestion });
  }
}

function checkExpected(file: SourceFile, { key, order }: OrderContent, leg: PriceLeg): void {
  const kind = ORDER_KINDS.find((name) => name === key);
  if (kind === undefined) return;
  const [role, heldBy, ownLeg] = EXPECTED[kind];
  if (role === order.role && heldBy === order.heldBy && ownLeg === leg) return;
  const message =
    `the engine arms "${key}" itself and counts on role ${role}, heldBy ${heldBy} and the leg ` +
    `"${ownLeg}"`;
  const suggestion = 'give a kind of your own another key';
  file.complain('/order', { code: 'RULE_KIND_CHANGED', message, suggestion });
}

function checkExamples(file: SourceFile, examples: readonly OrderExample[]): void {
  for (const [fires, way] of [
    [true, 'fires'],
    [false, 'does not fire'],
  ] as const) {
    if (examples.some((example) => example.fires === fires)) continue;
    const message = `has no example that ${way}`;
    file.complain('/examples', { code: 'RULE_EXAMPLE_MISSING', message });
  }
}

async function runExamples(file: SourceFile, rule: OrderRule): Promise<void> {
  const prepared = prepareOrder(rule);
  for (const [i, example] of rule.examples.entries()) {
    const { fires, why } = await play(prepared, example);
    if (fires === example.fires) continue;
    const says = example.fires ? 'should fire' : 'should not fire';
    const but = fires ? 'it fires' : `it does not: ${why}`;
    const message = `the example "${example.name}" ${says}, but ${but}`;
    file.complain(`/examples/${i}`, { code: 'RULE_EXAMPLE_WRONG', message });
  }
}

/** Plays the ticks of an example; the reason is that of the last tick. */
async function play(
  rule: PreparedOrder,
  example: OrderExample,
): Promise<{ readonly fires: boolean; readonly why: string }> {
  const { side = 'BUY', facts, parameters } = example;
  let previous: number | null = null;
  let why = 'there is no tick';
  for (const tick of example.ticks) {
    const price = Number(tick);
    const question = { side, price, previous, level: Number(parameters.level) };
    const verdict = await assessOrder(rule, { ...question, facts: { ...QUIET, ...facts } });
    if (verdict.fires) return { fires: true, why: '' };
    why = verdict.reason ?? why;
    previous = price;
  }
  return { fires: false, why };
}
