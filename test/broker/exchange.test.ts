// The pure exchange, order type by order type: what it answers to orders and trades.

import { Exchange, PLAIN_SETTINGS } from '../../src/broker/simulator/exchange';
import type { ExchangeSettings, StampedReport } from '../../src/broker/simulator/exchange';
import { commissionOf } from '../../src/broker/simulator/commission';
import { seededRandom } from '../../src/broker/simulator/random';
import { money, NO_MONEY, plus, price, quantity, toText } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import type { OrderTicket } from '../../src/domain/ports';
import { instrumentNamed } from '../support/trading-kit';

function exchangeWith(settings: Partial<ExchangeSettings> = {}): Exchange {
  const exchange = new Exchange({ ...PLAIN_SETTINGS, ...settings });
  exchange.accounts.open('DU1', 'USD', money('100000'));
  exchange.list(instrumentNamed('AAPL'));
  exchange.list(instrumentNamed('MSFT'));
  return exchange;
}
/** `BUY 10 LIMIT 70`, `SELL 10 STOP_LIMIT 70 stop 71`. */
function ticket(words: string, changes: Partial<OrderTicket> = {}): OrderTicket {
  const [side = '', size = '', type = '', a, , b] = words.split(' ');
  const stop = type === 'STOP' || type === 'MARKET_IF_TOUCHED' ? a : b;
  const limit = type === 'LIMIT' || type === 'STOP_LIMIT' ? a : undefined;
  return {
    ...{ order: 'o1', account: 'DU1', instrument: 'AAPL', timeInForce: 'DAY', rank: 0 },
    ...{ outsideRegularHours: false, brokerOrderId: 1 },
    side: side as OrderTicket['side'],
    type: type as OrderTicket['type'],
    quantity: quantity(size),
    limitPrice: limit === undefined ? null : price(limit),
    stopPrice: stop === undefined ? null : price(stop),
    ...changes,
  };
}
function said(report: BrokerReport): string {
  switch (report.kind) {
    case 'FILL':
      return `${report.order} fills ${toText(report.quantity)} at ${toText(report.price)}`;
    case 'ELECTED':
      return `${report.order} is reached at ${toText(report.price)}`;
    case 'COMMISSION':
      return `costs ${toText(report.amount)}`;
    case 'MODIFIED':
      return `${report.order} is now for ${toText(report.quantity)}`;
    case 'ACCEPTED':
      return `${report.order} works`;
    default:
      return `${report.order} ${report.kind}: ${report.reason}`;
  }
}
const words = (reports: Iterable<StampedReport>): string[] =>
  [...reports].map(({ report }) => said(report));
function trade(exchange: Exchange, traded: string, at = 1_000, instrument = 'AAPL'): string[] {
  const sizeText = '100';
  return words(
    exchange.match({ at, instrument, price: Number(traded), priceText: traded, sizeText }),
  );
}
/** Places an order at once and lets it see the trades. */
function sees(order: string, ...trades: string[]): string[] {
  const exchange = exchangeWith();
  exchange.place(ticket(order), 0);
  expect(words(exchange.settle(0))).toEqual(['o1 works']);
  return trades.flatMap((traded) => trade(exchange, traded));
}

describe('an order at the exchange', () => {
  it.each([
    ['BUY 10 MARKET', ['71.5'], ['o1 fills 10 at 71.5']],
    ['SELL 10 MARKET', ['71.5'], ['o1 fills 10 at 71.5']],
    ['BUY 10 LIMIT 70', ['70.01', '70'], ['o1 fills 10 at 70']],
    ['BUY 10 LIMIT 70', ['69.5'], ['o1 fills 10 at 69.5']],
    ['SELL 10 LIMIT 70', ['69.99', '70'], ['o1 fills 10 at 70']],
    ['SELL 10 LIMIT 70', ['71'], ['o1 fills 10 at 71']],
    ['SELL 10 STOP 70', ['70.01', '70', '70.5'], ['o1 is reached at 70', 'o1 fills 10 at 70.5']],
    ['SELL 10 STOP 70', ['65', '64'], ['o1 is reached at 65', 'o1 fills 10 at 64']],
    ['BUY 10 STOP 70', ['69.99', '70', '69'], ['o1 is reached at 70', 'o1 fills 10 at 69']],
    ['BUY 10 STOP 70', ['75', '76'], ['o1 is reached at 75', 'o1 fills 10 at 76']],
    [
      'SELL 10 STOP_LIMIT 70 stop 70',
      ['69', '69.5', '70.5'],
      ['o1 is reached at 69', 'o1 fills 10 at 70.5'],
    ],
    [
      'BUY 10 STOP_LIMIT 70 stop 70',
      ['71', '70.5', '70'],
      ['o1 is reached at 71', 'o1 fills 10 at 70'],
    ],
    [
      'BUY 10 MARKET_IF_TOUCHED 70',
      ['70.01', '69', '72'],
      ['o1 is reached at 69', 'o1 fills 10 at 72'],
    ],
    [
      'SELL 10 MARKET_IF_TOUCHED 70',
      ['69.99', '70', '68'],
      ['o1 is reached at 70', 'o1 fills 10 at 68'],
    ],
  ])('%s over %j', (order, trades, expected) => {
    expect(sees(order, ...trades)).toEqual(expected);
  });

  it.each([
    ['BUY 0 MARKET', {}, 'not above zero'],
    ['BUY 1.5 MARKET', {}, 'off the lot'],
    ['BUY 1 LIMIT 70.001', {}, 'off the tick'],
    ['BUY 1 STOP 0', {}, 'price is not above zero'],
    ['BUY 1 LIMIT', {}, 'do not agree'],
    ['BUY 1 STOP', {}, 'do not agree'],
    ['BUY 1 MARKET', { limitPrice: price('70') }, 'do not agree'],
    ['BUY 1 MARKET', { instrument: 'NOPE' }, 'no instrument NOPE'],
    ['BUY 1 MARKET', { account: 'NOPE' }, 'no account NOPE'],
  ] as const)('%s %j is rejected', (order, changes, reason) => {
    const exchange = exchangeWith();
    exchange.place(ticket(order, changes), 0);
    const [answer] = words(exchange.settle(0));
    expect(answer).toMatch(/^o1 REJECTED/);
    expect(answer).toContain(reason);
    expect(trade(exchange, '70')).toEqual([]);
  });

  it('with an id that was used before is rejected, and the first one works on', () => {
    const exchange = exchangeWith();
    exchange.place(ticket('BUY 1 LIMIT 60'), 0);
    exchange.place(ticket('BUY 1 MARKET'), 0);
    expect(words(exchange.settle(0))[1]).toContain('used before');
    expect(exchange.working('DU1')).toEqual(['o1']);
  });

  it('does not see trades of another instrument', () => {
    const exchange = exchangeWith();
    exchange.place(ticket('BUY 1 MARKET'), 0);
    expect(words(exchange.settle(0))).toEqual(['o1 works']);
    expect(trade(exchange, '70', 1_000, 'MSFT')).toEqual([]);
  });

  it('fills in file order, then in order of arrival', () => {
    const exchange = exchangeWith();
    for (const [order, rank] of [
      ['late', 3],
      ['first', 1],
      ['second', 1],
    ] as const) {
      exchange.place(ticket('BUY 1 MARKET', { order, rank }), 0);
    }
    expect(words(exchange.settle(0))).toHaveLength(3);
    expect(trade(exchange, '70').map((line) => line.split(' ')[0])).toEqual([
      'first',
      'second',
      'late',
    ]);
  });
});

describe('changes of an order', () => {
  it('cancel it, and too late they are refused', () => {
    const exchange = exchangeWith();
    exchange.place(ticket('BUY 1 LIMIT 60'), 0);
    exchange.cancel('o1', 0);
    exchange.cancel('o1', 0);
    expect(words(exchange.settle(0)).slice(1)).toEqual([
      'o1 CANCELLED: cancelled on request',
      'o1 CANCEL_REFUSED: the order is not working',
    ]);
    exchange.modify('o1', quantity('5'), 0);
    exchange.modify('never', quantity('5'), 0);
    expect(words(exchange.settle(0)).map((line) => line.split(':')[0])).toEqual([
      'o1 MODIFY_REFUSED',
      'never MODIFY_REFUSED',
    ]);
  });

  it('below what has filled end it at that', () => {
    const exchange = exchangeWith({ partialFills: 1, seed: 4 });
    exchange.place(ticket('BUY 100 LIMIT 70'), 0);
    expect(words(exchange.settle(0))).toHaveLength(1);
    const [filled = ''] = trade(exchange, '70');
    const part = filled.split(' ')[2];
    exchange.modify('o1', quantity('1'), 0);
    expect(words(exchange.settle(0))).toEqual([`o1 is now for ${part}`]);
    expect(exchange.working('DU1')).toEqual([]);
  });

  it('to no whole lot are refused', () => {
    const exchange = exchangeWith();
    exchange.place(ticket('BUY 100 LIMIT 70'), 0);
    exchange.modify('o1', quantity('1.5'), 0);
    expect(words(exchange.settle(0))[1]).toMatch(/^o1 MODIFY_REFUSED/);
    expect(trade(exchange, '70')).toEqual(['o1 fills 100 at 70']);
  });

  it('expire at the end of the session, with what was still on its way', () => {
    const exchange = exchangeWith({ latency: { min: 50, max: 50 } });
    exchange.place(ticket('BUY 1 LIMIT 70'), 0);
    exchange.place(ticket('BUY 1 LIMIT 70', { order: 'o2', instrument: 'MSFT' }), 0);
    expect(words(exchange.expire('AAPL', 10, 'the end'))).toEqual([
      'o1 works',
      'o1 EXPIRED: the end',
    ]);
    expect(exchange.working('DU1')).toEqual([]);
    expect(words(exchange.settle(50))).toEqual(['o2 works']);
  });
});

describe('the road to the market', () => {
  it('takes its time, and requests of one order arrive in their order', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const exchange = exchangeWith({ seed, latency: { min: 5, max: 100 } });
      exchange.place(ticket('BUY 10 LIMIT 60'), 0);
      exchange.modify('o1', quantity('5'), 1);
      exchange.cancel('o1', 2);
      expect(words(exchange.settle(4))).toEqual([]);
      const reports = [...exchange.settle(1_000)];
      expect(reports.map(({ report }) => report.kind)).toEqual([
        'ACCEPTED',
        'MODIFIED',
        'CANCELLED',
      ]);
      const times = reports.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((at) => at >= 5 && at <= 102)).toBe(true);
    }
  });

  it('is the same for the same seed and another for another one', () => {
    const run = (seed: number): string[] => {
      const exchange = exchangeWith({
        ...{ seed, partialFills: 0.7, slippageTicks: 5, latency: { min: 0, max: 9 } },
      });
      exchange.place(ticket('BUY 1000 MARKET'), 0);
      return [
        ...words(exchange.settle(20)),
        ...['70', '71', '72'].flatMap((t) => trade(exchange, t)),
      ];
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });
});

describe('fills', () => {
  it('in parts sum to the order, each at least a lot', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const exchange = exchangeWith({ seed, partialFills: 0.9 });
      exchange.place(ticket('BUY 17 MARKET'), 0);
      expect(words(exchange.settle(0))).toHaveLength(1);
      let filled = 0;
      for (let n = 0; n < 400 && filled < 17; n += 1) {
        for (const line of trade(exchange, '70')) {
          const part = Number(line.split(' ')[2]);
          expect(Number.isInteger(part) && part >= 1).toBe(true);
          filled += part;
        }
      }
      expect(filled).toBe(17);
      expect(toText(exchange.accounts.position('DU1', 'AAPL'))).toBe('17');
    }
  });

  it('slip only to the order’s disadvantage, at most so many ticks, and a limit never', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const exchange = exchangeWith({ seed, slippageTicks: 3 });
      exchange.place(ticket('BUY 1 MARKET', { order: 'buy' }), 0);
      exchange.place(ticket('SELL 1 MARKET', { order: 'sell' }), 0);
      exchange.place(ticket('BUY 1 LIMIT 70', { order: 'limit' }), 0);
      expect(words(exchange.settle(0))).toHaveLength(3);
      const at = new Map(
        trade(exchange, '70').map((line) => [line.split(' ')[0], line.split(' ')[4]]),
      );
      expect(['70', '70.01', '70.02', '70.03']).toContain(at.get('buy'));
      expect(['70', '69.99', '69.98', '69.97']).toContain(at.get('sell'));
      expect(at.get('limit')).toBe('70');
    }
  });

  it('never slip to zero or below', () => {
    const exchange = exchangeWith({ slippageTicks: 9, seed: 2 });
    exchange.place(ticket('SELL 1 MARKET'), 0);
    expect(words(exchange.settle(0))).toHaveLength(1);
    expect(trade(exchange, '0.01')).toEqual(['o1 fills 1 at 0.01']);
  });

  it('move cash and position of the account to the cent', () => {
    const exchange = exchangeWith({ commission: 'ib-fixed' });
    exchange.place(ticket('BUY 1000 MARKET'), 0);
    expect(words(exchange.settle(0))).toHaveLength(1);
    expect(trade(exchange, '33.33')).toEqual(['o1 fills 1000 at 33.33', 'costs 5']);
    expect(toText(exchange.accounts.cash('DU1'))).toBe('66665');
  });
});

describe('the fixed commission', () => {
  it.each([
    ['100', '10000', '1'],
    ['200', '20000', '1'],
    ['201', '20100', '1.005'],
    ['1000', '70000', '5'],
    ['100', '50', '0.5'],
    ['1', '99', '0.99'],
    ['1', '101', '1'],
    ['1000', '200', '2'],
  ])('of %s shares worth %s is %s', (shares, worth, due) => {
    const filled = { quantity: quantity(shares), value: money(worth) };
    expect(toText(commissionOf('ib-fixed', filled))).toBe(due);
    expect(commissionOf('none', filled)).toBe(NO_MONEY);
  });

  it('is per order: the parts of one order together cost what the whole costs', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const exchange = exchangeWith({ seed, partialFills: 0.9, commission: 'ib-fixed' });
      exchange.place(ticket('BUY 300 MARKET'), 0);
      expect(words(exchange.settle(0))).toHaveLength(1);
      let cost = NO_MONEY;
      for (let n = 0; n < 400; n += 1) {
        for (const line of trade(exchange, '70')) {
          if (line.startsWith('costs')) cost = plus(cost, money(line.split(' ')[1]!));
        }
      }
      expect(toText(cost)).toBe('1.5');
    }
  });
});

describe('the random numbers', () => {
  it('lie from zero to below one and repeat with their seed', () => {
    const [a, b] = [seededRandom(5), seededRandom(5)];
    for (let n = 0; n < 1_000; n += 1) {
      const drawn = a();
      expect(drawn).toBe(b());
      expect(drawn >= 0 && drawn < 1).toBe(true);
    }
  });
});

describe('a trailing stop that is changed', () => {
  const LIMITS = { limitPrice: null, stopPrice: null };
  const AMOUNT = (text: string) => ({ trailBy: price(text), trailPercent: null });
  /** A sale 1.5 behind the best price, which was 72. */
  function trailing(stopPrice: string | null = null) {
    const exchange = exchangeWith();
    const stated = stopPrice === null ? null : price(stopPrice);
    const plain = { ...ticket('SELL 10 MARKET'), ...LIMITS, stopPrice: stated };
    exchange.place({ ...plain, type: 'TRAILING_STOP', trail: AMOUNT('1.5') }, 0);
    expect(words(exchange.settle(0))).toEqual(['o1 works']);
    for (const traded of ['71.5', '72', '71.9']) trade(exchange, traded);
    expect(exchange.record('o1')?.stopAt).toBe('70.5');
    return exchange;
  }

  it.each([null, '70'])(
    'in its time in force alone keeps where it has got to (from %s)',
    (from) => {
      const exchange = trailing(from);
      const stopPrice = from === null ? null : price(from);
      exchange.reprice(
        'o1',
        { ...LIMITS, stopPrice, trail: AMOUNT('1.50'), timeInForce: 'GTC' },
        0,
      );
      expect(words(exchange.settle(0))).toEqual(['o1 is now for 10']);
      expect(exchange.record('o1')?.stopAt).toBe('70.5');
      expect(trade(exchange, '71')).toEqual([]);
      expect(exchange.record('o1')?.stopAt).toBe('70.5');
    },
  );

  it('in its distance begins anew with the next trade', () => {
    const exchange = trailing();
    exchange.reprice('o1', { ...LIMITS, trail: AMOUNT('1') }, 0);
    expect(words(exchange.settle(0))).toEqual(['o1 is now for 10']);
    trade(exchange, '71.9');
    expect(exchange.record('o1')?.stopAt).toBe('70.9');
  });

  it('to a stop of its own stands there', () => {
    const exchange = trailing();
    exchange.reprice('o1', { ...LIMITS, stopPrice: price('71'), trail: AMOUNT('1.5') }, 0);
    expect(words(exchange.settle(0))).toEqual(['o1 is now for 10']);
    expect(exchange.record('o1')?.stopAt).toBe('71');
  });
});
