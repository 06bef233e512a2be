/**
 * Messages of a gateway at server version 193, field by field, for a server that a test scripts.
 * Only fields a test cares about can be set; the others are as real gateways send them.
 */

export type Field = string | number;
export type Frame = readonly Field[];

export const ACCOUNT = 'DU111';
export const UNSET_DOUBLE = '1.7976931348623157E308';

export interface OrderFields {
  orderId: number;
  clientId: number;
  permId: Field;
  ref: string;
  account: string;
  conId: number;
  symbol: string;
  secType: string;
  action: string;
  quantity: Field;
  type: string;
  limit: Field;
  aux: Field;
  /** Of a trailing stop: where it stands, and its distance in percent. */
  trailStop: Field;
  trailPercent: Field;
  status: string;
  whatIf: number;
}

export const AAPL = 265598;

const usual: OrderFields = {
  ...{ orderId: 1, clientId: 7, permId: 9001, ref: 't:ord-00000001', account: ACCOUNT },
  ...{ conId: AAPL, symbol: 'AAPL', secType: 'STK', action: 'BUY', quantity: 100, type: 'LMT' },
  ...{ trailStop: '', trailPercent: '' },
  ...{ limit: '10.5', aux: '0.0', status: 'Submitted', whatIf: 0 },
};

const blank = (count: number): Field[] => Array<Field>(count).fill('');

const contract = (o: OrderFields): Field[] => [
  ...[o.conId, o.symbol, o.secType, '', '0', '?', '', 'SMART', 'USD', o.symbol, 'NMS'],
];

export function openOrder(given: Partial<OrderFields> = {}): Frame {
  const o = { ...usual, ...given };
  return [
    ...[5, o.orderId, ...contract(o), o.action, o.quantity, o.type, o.limit, o.aux, 'DAY', ''],
    ...[o.account, '', 0, o.ref, o.clientId, o.permId],
    // outsideRth to settlingFirm, then short sale, auction, box, peg
    ...[0, 0, 0, '', '', ...blank(3), '', '', '', '', '', 0, '', -1, 0, ...blank(5)],
    // displaySize to triggerMethod
    ...['', 0, 0, 0, '', 3, 0, 0, '', 0, 0],
    ...['', 0, 'None', '', 0, '', '', '', '?', 0, 0, '', 0, 0],
    // trail, basis points, legs, routing, scale, hedge
    ...[o.trailStop, o.trailPercent, '', '', '', 0, 0, 0, '', '', '', ''],
    ...[0, '', 'IB', 0, 0, '', 0, o.whatIf, o.status, ...blank(12), '', ''],
    ...[0, 0, 0, 'None', '', o.trailStop, ...blank(4), 0, '', '', '', '', 0, 0, 0, 0, '', '', 0],
    ...[...blank(5), '', 0, '', 0, '', 2147483647],
  ];
}

export function completedOrder(
  given: Partial<OrderFields> & { filled?: Field; text?: string } = {},
): Frame {
  const o = { ...usual, status: 'Filled', ...given };
  return [
    ...[101, ...contract(o), o.action, o.quantity, o.type, o.limit, o.aux, 'DAY', ''],
    ...[o.account, '', 0, o.ref, o.permId],
    ...[0, 0, 0, '', ...blank(3), '', '', '', '', '', 0, '', -1, ...blank(5), '', 0, 0, '', 3, 0],
    ...['', 0, '', '', 0, 0, '', '', '', 0, 0, 0, '', '', '', '', '', 'IB', 0, 0, '', 0],
    ...[o.status, 0, 0, 0, '', '', '', 0, 0, '', given.filled ?? 100, 0, 0, '', 0, 0, 0],
    ...['20260413 15:27:04 US/Eastern', given.text ?? 'Filled Size: 100', ...blank(5), '', 0],
  ];
}

export function orderStatus(
  given: Partial<OrderFields> & { filled?: Field; remaining?: Field; whyHeld?: string } = {},
): Frame {
  const o = { ...usual, ...given };
  const { filled = 0, remaining = 100, whyHeld = '' } = given;
  return [3, o.orderId, o.status, filled, remaining, 0, o.permId, 0, 0, o.clientId, whyHeld, 0];
}

export function execution(
  given: Partial<OrderFields> & {
    execId?: string;
    requestId?: number;
    side?: string;
    price?: Field;
    time?: string;
    shares?: Field;
  } = {},
): Frame {
  const o = { ...usual, ...given };
  const { execId = '0000e0d5.69dd7411.01.01', requestId = -1, side = 'BOT' } = given;
  const { price = '10.25', time = '20260413 15:27:04 US/Eastern', shares = 100 } = given;
  return [
    ...[11, requestId, o.orderId, ...contract(o), execId, time, o.account, 'ISLAND', side],
    ...[shares, price, o.permId, o.clientId, 0, shares, price, o.ref, '', '', '', 1, 0],
  ];
}

export function commission(
  execId = '0000e0d5.69dd7411.01.01',
  amount: Field = '1.0',
  currency = 'USD',
): Frame {
  return [59, 1, execId, amount, currency, UNSET_DOUBLE, UNSET_DOUBLE, ''];
}

export function position(
  quantity: Field,
  given: Partial<OrderFields> & { cost?: Field } = {},
): Frame {
  const o = { ...usual, ...given };
  return [61, 3, o.account, ...contract(o), quantity, given.cost ?? '10.25'];
}

export const error = (id: number, code: number, text: string, advanced = ''): Frame => [
  ...[4, 2, id, code, text, advanced],
];

export function tick(requestId: Field, type: number, price: Field, flags = 0): Frame {
  return [1, 6, requestId, type, price, 100, flags];
}

export function contractDetails(
  requestId: Field,
  given: {
    symbol?: string;
    conId?: number;
    primary?: string;
    rules?: string;
    minTick?: Field;
  } = {},
): Frame {
  const { symbol = 'AAPL', conId = AAPL, primary = 'NASDAQ', rules = '26,26' } = given;
  return [
    ...[10, requestId, symbol, 'STK', '', '', '0', '', 'SMART', 'USD', symbol, 'NMS', 'NMS'],
    ...[conId, given.minTick ?? '0.0001', '', 'LMT,MKT', 'SMART,NYSE', 1, 0, `${symbol} INC`],
    ...[primary, '', '', '', '', 'US/Eastern', '', '', '', 0, 0, 1, '', '', rules, '', 'COMMON'],
    ...['0.0001', '0.0001', '100', 0],
  ];
}

/** One frame as bytes. */
export function encode(frame: Frame): Buffer {
  const body = Buffer.from(frame.map((field) => `${field}\0`).join(''));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}
