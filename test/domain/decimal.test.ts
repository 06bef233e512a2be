// Decimals are exact, and their text is canonical.

import fc from 'fast-check';
import {
  addSteps,
  compare,
  DecimalFormatError,
  equals,
  isMultipleOf,
  isPlainDecimal,
  minus,
  money,
  negate,
  perUnit,
  plus,
  price,
  quantity,
  roundToStep,
  shareOf,
  significantDigits,
  signOf,
  times,
  toText,
} from '../../src/domain/decimal';
import { afterFee, afterFill, checkHolding } from '../../src/engine/core/ledger';
import { NO_HOLDING } from '../../src/engine/core/state';
import { limitOnTick, stopOnTick } from '../../src/engine/core/rounding';

/** Whole hundred-millionths, so that a BigInt can check the sums. */
const units = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
function textOf(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(9, '0');
  const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
  return value < 0n && text !== '0' ? `-${text}` : text;
}

describe('a decimal', () => {
  it('with eight places comes back from its text as it was', () => {
    fc.assert(
      fc.property(units, (value) => {
        expect(toText(money(textOf(value)))).toBe(textOf(value));
      }),
    );
  });

  it('adds, subtracts and compares exactly', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [x, y] = [money(textOf(a)), money(textOf(b))];
        expect(toText(plus(x, y))).toBe(textOf(a + b));
        expect(toText(minus(x, y))).toBe(textOf(a - b));
        expect(compare(x, y)).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(signOf(x)).toBe(a < 0n ? -1 : a > 0n ? 1 : 0);
      }),
    );
  });

  it('multiplies price and quantity exactly to sixteen places', () => {
    const product = times(price('123456789.12345678'), quantity('98765432.87654321'));
    expect(toText(product)).toBe('12193263219326320.4445968522374638');
  });

  it('has one text for one amount', () => {
    expect([toText(price('1.50')), toText(price('01.5')), toText(price('.5'))]).toEqual([
      '1.5',
      '1.5',
      '0.5',
    ]);
    expect([toText(negate(money('0'))), toText(money('-0'))]).toEqual(['0', '0']);
    expect(toText(money('100000000000000000000'))).toBe('100000000000000000000');
    expect(toText(money('0.00000000000001'))).toBe('0.00000000000001');
  });

  it.each(['', '1e5', 'NaN', 'Infinity', '1,000', ' 1', '1 ', '0x10', '--1', '.', '1'.repeat(65)])(
    'is not read from %j',
    (text) => {
      expect(isPlainDecimal(text)).toBe(false);
      expect(() => price(text)).toThrow(DecimalFormatError);
    },
  );

  it.each([
    ['69.484375', 8],
    ['0.0120', 2],
    ['1200', 2],
    ['0', 0],
    ['-00.5', 1],
  ])('%s has %i significant digits', (text, digits) => {
    expect(significantDigits(text)).toBe(digits);
  });

  it('rounds to a step in the direction that is asked for, and money half up to cents', () => {
    const tick = price('0.01');
    expect(toText(roundToStep(price('69.484375'), tick, 'DOWN'))).toBe('69.48');
    expect(toText(roundToStep(price('69.484375'), tick, 'UP'))).toBe('69.49');
    expect(toText(roundToStep(price('69.48'), tick, 'UP'))).toBe('69.48');
    expect(toText(roundToStep(price('0.37'), price('0.25'), 'UP'))).toBe('0.5');
    expect(isMultipleOf(price('69.484375'), price('0.015625'))).toBe(true);
    expect(toText(addSteps(price('70'), tick, -3))).toBe('69.97');
    expect(toText(perUnit(money('10'), quantity('3')))).toBe('3.333333333333');
    expect(toText(shareOf(money('10'), quantity('1'), quantity('3')))).toBe('3.333333333333');
  });
});

describe('order prices on the tick', () => {
  const [level, tick] = [price('69.484375'), price('0.01')];
  it('are never worse than stated', () => {
    expect(toText(limitOnTick(level, tick, 'BUY'))).toBe('69.48');
    expect(toText(limitOnTick(level, tick, 'SELL'))).toBe('69.49');
    expect(toText(stopOnTick(level, tick, 'BUY'))).toBe('69.49');
    expect(toText(stopOnTick(level, tick, 'SELL'))).toBe('69.48');
  });
});

describe('the ledger', () => {
  const positive = fc.bigInt({ min: 1n, max: 10n ** 14n });
  const fills = fc.array(
    fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: positive.map((n) => quantity(textOf(n))),
      price: positive.map((n) => price(textOf(n))),
    }),
    { maxLength: 40, size: 'max' },
  );

  it('keeps cash flow = realised - cost exactly, and its cash is the sum of the trades', () => {
    fc.assert(
      fc.property(fills, (given) => {
        let holding = NO_HOLDING;
        let [cash, held] = [money('0'), quantity('0')];
        for (const fill of given) {
          holding = afterFee(afterFill(holding, fill), money('0.01'));
          checkHolding(holding, 'the test');
          const change = fill.side === 'BUY' ? fill.quantity : negate(fill.quantity);
          cash = minus(cash, times(fill.price, change));
          held = plus(held, change);
          expect(equals(holding.cashFlow, cash) && equals(holding.quantity, held)).toBe(true);
          // Of units worth less than the twelfth place, the cost is nothing.
          expect([signOf(held), 0]).toContain(signOf(holding.cost));
        }
      }),
    );
  });

  it('realises by average cost, through zero and on the short side too', () => {
    const bought = afterFill(NO_HOLDING, fillOf('BUY', '10', '70'));
    const more = afterFill(bought, fillOf('BUY', '10', '80'));
    const sold = afterFill(more, fillOf('SELL', '5', '90'));
    expect([toText(sold.cost), toText(sold.realized)]).toEqual(['1125', '75']);
    const short = afterFill(sold, fillOf('SELL', '20', '60'));
    expect([toText(short.quantity), toText(short.cost)]).toEqual(['-5', '-300']);
    expect(toText(short.realized)).toBe('-150');
    const flat = afterFill(short, fillOf('BUY', '5', '50'));
    expect([toText(flat.quantity), toText(flat.cost), toText(flat.realized)]).toEqual([
      ...['0', '0', '-100'],
    ]);
  });
});

function fillOf(side: 'BUY' | 'SELL', size: string, at: string) {
  return { side, quantity: quantity(size), price: price(at) };
}
