/**
 * What is found out before an input is decided: the facts of the moment, and what the rules say of
 * them. Reads the state and changes nothing.
 */
import { isZero, toNumber, type Price } from '../domain/decimal';
import type { Command, Envelope, LegFired, PlanToArm } from '../domain/input';
import type { Finding } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { RuleBook } from '../domain/ports';
import type { Facts, RuleCheck } from '../domain/verdict';
import { bracketToJudge, isBracket } from './core/brackets';
import { NOT_ASSESSED, planSide } from './core/context';
import type { Assessment, Ask, Context, PlanChecks } from './core/context';
import { armsAnew } from './core/decide-instructions';
import { changedIntent } from './core/decide-modify';
import { releasable } from './core/decide-trigger';
import { accountNow, beyondLimits, isAnsweredNo, worstCaseFacts } from './core/plan-limits';
import { conditionalFacts, riskFacts, type Intent } from './core/risk-facts';
import { sendableQuantity } from './core/sendable';
import type { State } from './core/state';
import { worstCasesOf } from './core/worst-case';

type Loading = Extract<Command, { kind: 'LOAD_INSTRUCTIONS' }>;

export interface AssessorParts {
  readonly rules: RuleBook;
  readonly state: State;
  readonly context: Context;
}

/** A plan's worst case on one side, as the rules are asked about it. */
interface PlanFacts {
  readonly instrument: string;
  readonly facts: Facts;
}

export class Assessor {
  readonly #rules: RuleBook;
  readonly #state: State;
  readonly #context: Context;

  constructor({ rules, state, context }: AssessorParts) {
    this.#rules = rules;
    this.#state = state;
    this.#context = context;
  }

  /** Asks the rules about an intent, where the input is one. */
  async assess({ input, at }: Envelope): Promise<Assessment> {
    if (input.kind === 'LEG_FIRED') return this.#assessTrigger(input, at);
    if (input.kind === 'COMMAND' && input.command.kind === 'MODIFY_ORDER') {
      const intent = changedIntent(this.#state, input.command, at);
      return intent === null || intent.order.status === 'ARMED'
        ? NOT_ASSESSED
        : this.#assessIntent(intent);
    }
    if (input.kind === 'COMMAND' && input.command.kind === 'LOAD_INSTRUCTIONS') {
      return { ...NOT_ASSESSED, plans: await this.#assessPlans(input.command) };
    }
    if (input.kind === 'COMMAND' && input.command.kind === 'PLACE_ORDER') {
      if (!isBracket(input.command)) return NOT_ASSESSED;
      const plan = bracketToJudge(this.#context, input.command);
      return { ...NOT_ASSESSED, plans: await this.#assessAll(input.command, [plan]) };
    }
    if (input.kind !== 'SEND_DUE') return NOT_ASSESSED;
    const order = this.#state.orders.get(input.order);
    return order === undefined ? NOT_ASSESSED : this.assessRisk(order, at);
  }

  async #assessTrigger(input: LegFired, at: number): Promise<Assessment> {
    const order = releasable(this.#state, input);
    if (order?.trigger == null || order.kind === null) return NOT_ASSESSED;
    const conditional = await this.#rules.assessConditional(order.kind, {
      side: order.side,
      price: toNumber(input.price),
      previous: input.previous,
      level: toNumber(order.trigger.level),
      facts: conditionalFacts(this.#state, this.#context, order),
    });
    if (!conditional.fires) return { ...NOT_ASSESSED, conditional };
    return { ...(await this.assessRisk(order, at, input.price)), conditional };
  }

  async assessRisk(order: Order, at: number, firedOn?: Price): Promise<Assessment> {
    const quantity = sendableQuantity(this.#state, order, firedOn);
    if (isZero(quantity)) return NOT_ASSESSED;
    return this.#assessIntent({ order, quantity, at });
  }

  async #assessIntent(intent: Intent): Promise<Assessment> {
    const { order } = intent;
    const facts = riskFacts(this.#state, this.#context, intent);
    const { effect, strategy, account } = order;
    const risk = await this.#rules.assessRisk(facts, { effect, strategy, account });
    return { conditional: null, risk, facts };
  }

  /** Plans of a file that would not be armed, each with the reason as a finding. */
  async beyondLimits(command: Loading): Promise<ReadonlyMap<string, Finding>> {
    const assessment = { ...NOT_ASSESSED, plans: await this.#assessPlans(command) };
    const ask: Ask = { ...this.#context, assessment, canSend: false };
    const found = new Map<string, Finding>();
    const now = accountNow(this.#state, this.#context, command.account);
    for (const plan of this.#newPlans(command)) {
      const finding = beyondLimits(this.#state, ask, { now, plan });
      if (finding !== null) found.set(plan.instrument, finding);
    }
    return found;
  }

  #newPlans(command: Loading): readonly PlanToArm[] {
    return command.plans.filter((plan) => armsAnew(this.#state, command, plan));
  }

  /**
   * What the rules say of the worst case of each plan. Where the greatest figures of all of them
   * together pass, each of them does: a file of thousands is asked about once a side.
   */
  #assessPlans(command: Loading): Promise<PlanChecks> {
    return this.#assessAll(command, this.#newPlans(command));
  }

  async #assessAll(
    { account, strategy }: Pick<Order, 'account' | 'strategy'>,
    plans: readonly PlanToArm[],
  ): Promise<PlanChecks> {
    const now = accountNow(this.#state, this.#context, account);
    const asked = plans.flatMap(({ spec, instrument }) =>
      worstCasesOf(spec).map((worst): PlanFacts => {
        const judged = { now, instrument, spec, worst };
        return { instrument, facts: worstCaseFacts(this.#state, this.#context, judged) };
      }),
    );
    const checksOf = async (facts: Facts): Promise<readonly RuleCheck[]> =>
      (await this.#rules.assessRisk(facts, { effect: 'OPEN', strategy, account })).checks;
    const found = new Map<string, RuleCheck[]>();
    for (const side of ['BUY', 'SELL']) {
      const ofSide = asked.filter(({ facts }) => facts['side'] === side);
      if (ofSide.length === 0) continue;
      const all = await checksOf(greatestOf(ofSide));
      if (!all.some(isAnsweredNo)) continue;
      for (const { instrument, facts } of ofSide) {
        const checks = (await checksOf(facts)).filter(isAnsweredNo);
        if (checks.length > 0) found.set(planSide(instrument, side), checks);
      }
    }
    return found;
  }
}

/** Each fact at its worst: losses are below zero, everything else counts upwards. */
function greatestOf(asked: readonly PlanFacts[]): Facts {
  const worst: Record<string, Facts[string]> = {};
  for (const { facts } of asked) {
    for (const [fact, value] of Object.entries(facts)) {
      const known = worst[fact];
      const numbers = typeof known === 'number' && typeof value === 'number';
      if (!numbers) worst[fact] = value;
      else
        worst[fact] = fact === 'accountPnlToday' ? Math.min(known, value) : Math.max(known, value);
    }
  }
  return worst;
}
