// Every event survives the way to text and back. The list below does not compile when an event type
// is added without a sample.

import { money, NO_MONEY, price, quantity } from '../../src/domain/decimal';
import type { Event, EventType } from '../../src/domain/event';
import { decodeEvent, encodeEvent } from '../../src/domain/event-codec';
import type { Order } from '../../src/domain/order';
import type { Plan, PlanLeg } from '../../src/domain/plan';
import type { Decision } from '../../src/domain/verdict';
import { instrumentNamed } from '../support/trading-kit';

const P = price('69.484375');
const Q = quantity('0.12345678');
const LEG: PlanLeg = {
  ...{ leg: 'entry[0]', rank: 0, pointer: '/A/Entry OCA/0', side: 'BUY', type: 'LIMIT' },
  ...{ quantity: Q, price: P, cross: 'CROSS_OVER', firesOnGap: true, namedStop: false },
};
const ORDER: Order = {
  ...{ id: 'ord-1', requestId: 'r', strategy: 's', account: 'a', instrument: 'A', role: 'ENTRY' },
  ...{ effect: 'OPEN', side: 'BUY', type: 'STOP_LIMIT', timeInForce: 'DAY', intendedQuantity: Q },
  ...{ quantity: Q, filledQuantity: quantity('0'), filledValue: money('1.5'), limitPrice: P },
  ...{ stopPrice: P, status: 'ARMED', heldBy: 'ENGINE', kind: 'dca', ocaGroup: null, plan: null },
  trigger: { kind: 'TOUCH', level: P, reference: P, firedAt: 5, firedPrice: P },
  ...{ leg: 'entry[0]', rank: 0, source: null, decision: null, statusMessage: '69.5' },
  ...{ requestedQuantity: Q, sentQuantity: Q, cancelledBy: null, elected: false },
  ...{ createdAt: 1, updatedAt: 2 },
};
const PLAN: Plan = {
  ...{ id: 'pln-1', strategy: 's', account: 'a', instrument: 'A', tradingDate: '2026-01-05' },
  ...{ fileName: 'f.json', contentHash: 'h', status: 'WAITING', direction: null },
  spec: { symbol: 'A', entries: [LEG], ifLong: [LEG], ifShort: [] },
  ...{ reference: P, entryOrder: null, addsArmed: false },
};
const CONDITION = {
  ...{ fact: 'price', operator: 'equal', limit: '1', value: '2', passed: false, distance: '-1' },
};
const DECISION: Decision = {
  ...{ id: 'dec-1', order: 'ord-1', strategy: 's', account: 'a', instrument: 'A', side: 'SELL' },
  ...{ quantity: Q, effect: 'REDUCE', at: 1, approved: false, codes: ['H1'], ruleSetHash: 'h' },
  checks: [
    {
      ...{ ruleKey: 'H1', outcome: 'FAILED', effect: 'DENY', message: 'no', location: null },
      conditions: [CONDITION],
    },
  ],
};
const order = 'ord-1';
const reason = '12.50';
const SAMPLES: { readonly [T in EventType]: Extract<Event, { type: T }> } = {
  RunStarted: { type: 'RunStarted', mode: 'REPLAY', inputsHash: '1', ruleSetHash: '2' },
  AccountOpened: {
    type: 'AccountOpened',
    account: '1',
    currency: 'USD',
    cash: money('0.00000001'),
  },
  StrategyCreated: { type: 'StrategyCreated', strategy: '1', allowsShort: true },
  InstrumentAdded: { type: 'InstrumentAdded', instrument: instrumentNamed('123') },
  PlanCreated: { type: 'PlanCreated', plan: PLAN },
  OrderArmed: { type: 'OrderArmed', order: ORDER },
  OrderRearmed: { type: 'OrderRearmed', order, reason },
  TriggerFired: { type: 'TriggerFired', order, price: P, quantity: Q },
  TriggerDeclined: { type: 'TriggerDeclined', order, price: P, reason, conditions: [CONDITION] },
  DecisionMade: { type: 'DecisionMade', decision: DECISION },
  OrderSubmitted: { type: 'OrderSubmitted', order, quantity: Q },
  OrderDenied: { type: 'OrderDenied', order, codes: ['H1'], reason },
  OrderAcknowledged: { type: 'OrderAcknowledged', order, brokerOrderId: 7 },
  OrderElected: { type: 'OrderElected', order, price: P },
  OrderModifyRequested: { type: 'OrderModifyRequested', order, quantity: Q },
  OrderModified: { type: 'OrderModified', order, quantity: Q },
  OrderModifyRefused: { type: 'OrderModifyRefused', order, reason },
  OrderCancelRequested: { type: 'OrderCancelRequested', order, reason },
  OrderCancelRefused: { type: 'OrderCancelRefused', order, reason },
  OrderCancelled: { type: 'OrderCancelled', order, reason, by: 'ord-2' },
  OrderRejected: { type: 'OrderRejected', order, reason },
  OrderExpired: { type: 'OrderExpired', order, reason },
  OrderFilled: {
    type: 'OrderFilled',
    fill: {
      ...{ execId: '1', order: null, strategy: null, account: 'a', instrument: 'A', side: 'BUY' },
      ...{ quantity: Q, price: P, at: 5 },
    },
    holdingAfter: quantity('-3'),
  },
  CommissionCharged: { type: 'CommissionCharged', execId: '1', amount: money('1.005') },
  PlanEntered: {
    ...{ type: 'PlanEntered', plan: 'p', direction: 'LONG', reference: P, entryOrder: order },
  },
  PlanAddsArmed: { type: 'PlanAddsArmed', plan: 'p' },
  PlanClosed: { type: 'PlanClosed', plan: 'p', reason },
  TradingStateChanged: {
    ...{ type: 'TradingStateChanged', scope: { kind: 'SYSTEM', key: '' }, state: 'HALTED', reason },
    by: 'ann',
  },
};

describe('an event', () => {
  it.each(Object.values(SAMPLES))(
    'of type $type is the same after the way to text and back',
    (event) => {
      const text = encodeEvent(event);
      const back = decodeEvent(text);
      expect(back).toEqual(event);
      expect(encodeEvent(back)).toBe(text);
    },
  );

  it('keeps texts texts, even where they read like numbers', () => {
    const rejected = decodeEvent(encodeEvent(SAMPLES.OrderRejected));
    expect(rejected).toEqual({ type: 'OrderRejected', order, reason: '12.50' });
  });

  it('carries no float and no negative zero', () => {
    const text = encodeEvent({ type: 'CommissionCharged', execId: 'x', amount: NO_MONEY });
    expect(text).toContain('"amount":"0"');
    expect(encodeEvent(SAMPLES.AccountOpened)).toContain('"cash":"0.00000001"');
  });
});
