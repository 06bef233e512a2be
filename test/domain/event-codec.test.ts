// Every event survives the way to text and back. The list below does not compile when an event type
// is added without a sample.

import { money, NO_MONEY, price, quantity } from '../../src/domain/decimal';
import type { Event, EventType } from '../../src/domain/event';
import { decodeEvent, encodeEvent } from '../../src/domain/event-codec';
import type { Order, Trail } from '../../src/domain/order';
import { kindOf } from '../../src/domain/price-source';
import { DEFAULT_PLAN_SETTINGS, type Plan, type PlanLeg } from '../../src/domain/plan';
import type { Decision } from '../../src/domain/verdict';
import { instrumentNamed } from '../support/trading-kit';

const P = price('69.484375');
const Q = quantity('0.12345678');
const LEG: PlanLeg = {
  ...{ leg: 'entry[0]', rank: 0, pointer: '/A/Entry OCA/0', side: 'BUY', type: 'LIMIT' },
  ...{ quantity: Q, price: P, cross: 'CROSS_OVER', firesOnGap: true, namedStop: false },
  trail: { trailBy: P, trailPercent: null, activateAt: P },
  priceSource: 'BID_ASK',
};
const TRAIL: Trail = {
  ...{ trailBy: P, trailPercent: '2.50', activateAt: P, tickSize: P, bestPrice: P },
  ...{ firstLevel: P, movedAt: 4 },
};
const ORDER: Order = {
  ...{ id: 'ord-1', requestId: 'r', strategy: 's', account: 'a', instrument: 'A', role: 'ENTRY' },
  ...{ effect: 'OPEN', side: 'BUY', type: 'STOP_LIMIT', timeInForce: 'DAY', intendedQuantity: Q },
  ...{ quantity: Q, filledQuantity: quantity('0'), filledValue: money('1.5'), limitPrice: P },
  ...{ stopPrice: P, status: 'ARMED', heldBy: 'ENGINE', kind: 'dca', ocaGroup: null, plan: null },
  trigger: {
    ...{ kind: 'TRAIL', level: P, reference: P, firedAt: 5, firedPrice: P, trail: TRAIL },
    priceSource: 'MID',
  },
  trail: TRAIL,
  ...{ leg: 'entry[0]', rank: 0, source: null, decision: null, statusMessage: '69.5' },
  ...{ requestedQuantity: Q, sentQuantity: Q, cancelledBy: null, elected: false },
  ...{ sending: { brokerOrderId: 7, clientId: 17, epoch: 1, at: 3 }, permId: '9007199254740993' },
  ...{ outsideRegularHours: false, createdAt: 1, updatedAt: 2 },
};
const PLAN: Plan = {
  ...{ id: 'pln-1', strategy: 's', account: 'a', instrument: 'A', tradingDate: '2026-01-05' },
  ...{ fileName: 'f.json', contentHash: 'h', status: 'WAITING', direction: null },
  spec: {
    symbol: 'A',
    settings: DEFAULT_PLAN_SETTINGS,
    entries: [LEG],
    ifLong: [LEG],
    ifShort: [],
  },
  ...{ cycle: 1, follows: null, followedBy: null },
  ...{ reference: P, entryOrder: null, addsArmed: false },
};
const CONDITION = {
  ...{ fact: 'price', operator: 'equal', limit: '1', value: '2', passed: false, distance: '-1' },
};
const DECISION: Decision = {
  ...{ id: 'dec-1', order: 'ord-1', strategy: 's', account: 'a', instrument: 'A', side: 'SELL' },
  ...{ quantity: Q, effect: 'REDUCE', at: 1, approved: false, codes: ['H1'], ruleSetHash: 'h' },
  firedOn: { priceKind: 'ASK', price: P },
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
  DayStarted: { type: 'DayStarted', account: 'a', tradingDate: '2026-01-05', equity: money('9.5') },
  PositionAdopted: {
    ...{ type: 'PositionAdopted', account: 'a', instrument: 'A', quantity: quantity('-3') },
    price: P,
  },
  StrategyCreated: {
    ...{ type: 'StrategyCreated', strategy: '1', allowsShort: true, stage: 'PAPER', weight: '1.5' },
    capital: money('100000'),
  },
  InstructionsRecorded: {
    type: 'InstructionsRecorded',
    file: {
      ...{ id: 'ins-1', fileName: 'f', contentHash: 'h', strategy: 's', account: 'a' },
      ...{ tradingDate: '2026-01-05', accepted: true, at: 5 },
      symbols: [{ symbol: 'A', accepted: true, plan: 'pln-1' }],
      findings: [
        {
          ...{ severity: 'INFO', code: 'KEY_CASE', message: '1.0', pointer: '/A', line: 1 },
          ...{ column: 2, proposal: null },
        },
      ],
    },
  },
  LinkReady: { type: 'LinkReady', epoch: 2, clientId: 17, nextBrokerOrderId: 40 },
  LinkLost: { type: 'LinkLost', epoch: 2, reason },
  ExternalOrderSeen: {
    type: 'ExternalOrderSeen',
    order: {
      ...{ permId: '99', clientId: 0, brokerOrderId: -1, account: 'a', instrument: 'A' },
      ...{ side: 'SELL', quantity: Q, filled: quantity('0'), limitPrice: P, stopPrice: null },
    },
  },
  ExternalOrderEnded: { type: 'ExternalOrderEnded', permId: '99' },
  BreakSuspected: {
    ...{ type: 'BreakSuspected', account: 'a', instrument: 'A', brokerQuantity: Q },
    bookQuantity: Q,
  },
  BreakOpened: {
    ...{ type: 'BreakOpened', account: 'a', instrument: 'A', brokerQuantity: Q },
    bookQuantity: quantity('0'),
  },
  BreakClosed: { type: 'BreakClosed', account: 'a', instrument: 'A' },
  InstrumentAdded: { type: 'InstrumentAdded', instrument: instrumentNamed('123') },
  PlanCreated: { type: 'PlanCreated', plan: PLAN },
  OrderArmed: { type: 'OrderArmed', order: ORDER },
  OrderRearmed: { type: 'OrderRearmed', order, reason },
  TriggerFired: { type: 'TriggerFired', order, price: P, priceKind: 'BID', quantity: Q },
  TriggerDeclined: {
    ...{ type: 'TriggerDeclined', order, price: P, priceKind: 'MID', reason },
    conditions: [CONDITION],
  },
  DecisionMade: { type: 'DecisionMade', decision: DECISION },
  OrderSubmitted: { type: 'OrderSubmitted', order, quantity: Q },
  OrderSent: { type: 'OrderSent', order, brokerOrderId: 7, clientId: 17, epoch: 1 },
  OrderStaged: { type: 'OrderStaged', order, reason },
  OrderReleased: { type: 'OrderReleased', order, price: P, effect: 'REDUCE' },
  OrderNotSent: { type: 'OrderNotSent', order, reason },
  OrderUnknown: { type: 'OrderUnknown', order, reason },
  OrderDenied: { type: 'OrderDenied', order, codes: ['H1'], reason },
  OrderAcknowledged: { type: 'OrderAcknowledged', order, brokerOrderId: 7, permId: '8' },
  OrderElected: { type: 'OrderElected', order, price: P },
  ArmedOrderChanged: {
    ...{ type: 'ArmedOrderChanged', order: 'o', level: P, quantity: Q, limitPrice: P },
    requestId: 'r',
  },
  TrailMoved: { type: 'TrailMoved', order, bestPrice: P, level: P },
  OrderModifyRequested: {
    ...{ type: 'OrderModifyRequested', order, quantity: Q, limitPrice: P, stopPrice: null },
    requestId: 'r2',
  },
  OrderModified: { type: 'OrderModified', order, quantity: Q, limitPrice: P, stopPrice: null },
  OrderModifyRefused: { type: 'OrderModifyRefused', order, reason },
  OrderCancelRequested: { type: 'OrderCancelRequested', order, reason },
  OrderCancelRefused: { type: 'OrderCancelRefused', order, reason },
  OrderCancelled: { type: 'OrderCancelled', order, reason, by: 'ord-2' },
  OrderHeldBack: { type: 'OrderHeldBack', order, reason },
  OrderRejected: { type: 'OrderRejected', order, reason },
  OrderExpired: { type: 'OrderExpired', order, reason },
  OrderFilled: {
    type: 'OrderFilled',
    fill: {
      ...{ execId: '1', order: null, strategy: null, account: 'a', instrument: 'A', side: 'BUY' },
      ...{ quantity: Q, price: P, at: 5 },
    },
    holdingAfter: quantity('-3'),
    realized: money('-1.25'),
  },
  FillCorrected: {
    type: 'FillCorrected',
    replaces: '1.01',
    fill: {
      ...{ execId: '1.02', order, strategy: 's', account: 'a', instrument: 'A', side: 'BUY' },
      ...{ quantity: Q, price: P, at: 5 },
    },
  },
  CommissionCharged: { type: 'CommissionCharged', execId: '1', amount: money('1.005') },
  PlanEntered: {
    ...{ type: 'PlanEntered', plan: 'p', direction: 'LONG', reference: P, entryOrder: order },
  },
  PlanAddsArmed: { type: 'PlanAddsArmed', plan: 'p' },
  PlanClosingOut: { type: 'PlanClosingOut', plan: 'p', tradingDate: '2026-01-05', reason },
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

  it('of a journal from before prices had a kind is about the last price', () => {
    const fields = '"level":"10","reference":null,"firedAt":null,"firedPrice":null';
    const trigger = `{"kind":"CROSS_OVER",${fields}}`;
    const text = `{"type":"OrderArmed","order":{"side":"BUY","trigger":${trigger}}}`;
    const armed = decodeEvent(text) as Extract<Event, { type: 'OrderArmed' }>;
    expect(kindOf(armed.order)).toBe('LAST');
    expect(encodeEvent(armed)).toBe(text);
  });
});
