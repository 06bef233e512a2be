// How long one risk decision takes as the engine makes it: facts from the state, the shipped rules,
// the hard limits, and the events of the decision. Journal and broker are left out.

import type { RuleProperties } from 'json-rules-engine';
import type { Order } from '../src/domain/order';
import type { Facts } from '../src/domain/verdict';
import type { Event } from '../src/domain/event';
import { decide } from '../src/engine/core/decide';
import { riskFacts } from '../src/engine/core/risk-facts';
import { sendableQuantity } from '../src/engine/core/sendable';
import { loadRuleFolder } from '../src/engine/rules/load';
import { createRuleBook } from '../src/engine/rules/rule-book';
import { SHIPPED_RULES } from '../src/presets/rule-books';
import { openDesk, type Desk } from './support/desk';
import { costOf, interleave, quantile, rounded } from './support/measure';
import { askByHand, askRaw, rawRule, type NumberFacts } from './support/peers';
import type { Benchmark, Effort, Result } from './support/result';

/** So short that a round of the usual length would be below what the clock can see. */
const BY_HAND_TIMES = 1_000;

export const decision: Benchmark = {
  name: 'decision',
  summary: 'one risk decision with the shipped rules and the hard limits',
  meaning: [
    'perSecond: decisions per second of CPU time. p50, p99: of single decisions, wall time.',
    'A decision is facts from the state, eight shipped rules with the account of every',
    'condition, the hard limits, and the events; journal and broker are left out.',
    'raw: json-rules-engine alone, same rules, same facts, a new Engine per run because two',
    'overlapping runs on one Engine skip rules. byHand: the nine rules as TypeScript ifs.',
    'toRaw, toHandWritten: cost of our decision / cost of the other; below 1 we are cheaper.',
  ],
  run,
};

interface Case {
  readonly order: Order;
  readonly facts: Facts;
}

async function run({ rounds, decisions }: Effort): Promise<Result> {
  const { desk, raw } = await prepare();
  const cases = desk.due.map((order): Case => ({ order, facts: factsOf(desk, order) }));
  await agree(desk, cases, raw);
  const caseAt = (n: number): Case => cases[n % cases.length] as Case;
  const micros: number[] = [];
  const ours = async (n: number): Promise<void> => {
    const start = performance.now();
    await decideOnce(desk, caseAt(n).order);
    micros.push((performance.now() - start) * 1_000);
  };
  let failures = 0;
  const byHand = (n: number): void => {
    failures += askByHand(caseAt(n).facts as unknown as NumberFacts).length;
  };
  const askedRaw = (n: number) => askRaw(raw, caseAt(n).facts);
  const measured = [
    { name: 'ours', round: () => costOf(decisions, ours) },
    { name: 'raw', round: () => costOf(decisions, askedRaw) },
    { name: 'byHand', round: () => costOf(decisions * BY_HAND_TIMES, byHand) },
  ];
  const costs = await interleave(measured, rounds);
  if (failures === 0) throw new Error('nothing failed by hand, though two orders must');
  const counted = micros.slice(decisions);
  return {
    name: decision.name,
    figures: {
      perSecond: { value: Math.round(1e6 / costs.of('ours')), unit: '1/s' },
      p50: { value: rounded(quantile(counted, 0.5)), unit: 'us' },
      p99: { value: rounded(quantile(counted, 0.99)), unit: 'us' },
      raw: { value: rounded(costs.of('raw')), unit: 'us' },
      byHand: { value: rounded(costs.of('byHand')), unit: 'us' },
    },
    ratios: {
      toRaw: costs.ratio('ours', 'raw'),
      toHandWritten: costs.ratio('ours', 'byHand'),
    },
  };
}

async function prepare(): Promise<{ desk: Desk; raw: readonly RuleProperties[] }> {
  const loaded = await loadRuleFolder(SHIPPED_RULES);
  if (!loaded.ok) throw new Error(loaded.faults.map(({ message }) => message).join('\n'));
  const { ruleSet } = loaded;
  const desk = await openDesk(createRuleBook(ruleSet));
  return { desk, raw: ruleSet.risk.map(rawRule) };
}

function factsOf({ state, context, now }: Desk, order: Order): Facts {
  const quantity = sendableQuantity(state, order);
  return riskFacts(state, context, { order, quantity, at: now });
}

/** As the engine's loop does it for an order that is due to be sent. */
async function decideOnce(desk: Desk, order: Order): Promise<readonly Event[]> {
  const { state, context, rules, now: at } = desk;
  const { id, effect, strategy, account } = order;
  const facts = factsOf(desk, order);
  const risk = await rules.assessRisk(facts, { effect, strategy, account });
  const ask = { ...context, canSend: true, assessment: { conditional: null, risk, facts } };
  return decide(state, { id, at, input: { kind: 'SEND_DUE', order: id } }, ask).events;
}

/** Three that answer differently do different work. @throws Error where they do */
async function agree(
  desk: Desk,
  cases: readonly Case[],
  raw: readonly RuleProperties[],
): Promise<void> {
  for (const { order, facts } of cases) {
    const [made] = await decideOnce(desk, order);
    if (made?.type !== 'DecisionMade') throw new Error(`no decision about ${order.id}`);
    const codes = made.decision.codes.join(' ');
    const rawCodes = (await askRaw(raw, facts)).join(' ');
    const handCodes = askByHand(facts as unknown as NumberFacts).join(' ');
    if (codes !== rawCodes || codes !== handCodes) {
      throw new Error(`${order.id}: ours [${codes}], raw [${rawCodes}], by hand [${handCodes}]`);
    }
  }
}
