// Small things the session stands on: times, references, codes, settings.

import { toText } from '../../../src/domain/decimal';
import { BROKER_CODES, codeEntry, explain } from '../../../src/broker/ib/codes';
import {
  completeOptions,
  realScheduler,
  type IbLinkSettings,
} from '../../../src/broker/ib/options';
import { orderOfReference, referenceOf, RequestIds } from '../../../src/broker/ib/ids';
import { decimalText, exactInteger, toMoney } from '../../../src/broker/ib/mapping';
import { dateIn, instantOf } from '../../../src/broker/ib/times';

describe('a time of the broker', () => {
  it.each([
    ['20260413 15:27:04 US/Eastern', Date.UTC(2026, 3, 13, 19, 27, 4)],
    ['20260413  15:27:04 US/Eastern', Date.UTC(2026, 3, 13, 19, 27, 4)],
    ['20260113 15:27:04 America/New_York', Date.UTC(2026, 0, 13, 20, 27, 4)],
    ['20260413-15:27:04', Date.UTC(2026, 3, 13, 15, 27, 4)],
    ['20260308 03:00:00 US/Eastern', Date.UTC(2026, 2, 8, 7, 0, 0)],
    ['20261101 03:00:00 US/Eastern', Date.UTC(2026, 10, 1, 8, 0, 0)],
    ['20260413  15:27:04', undefined],
    ['20260413 15:27:04 Central European Standard Time', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('"%s" is %s', (text, at) => {
    expect(instantOf(text)).toBe(at);
  });

  it('falls on the trading day of its zone on both sides of midnight', () => {
    const before = instantOf('20260413 23:59:59 US/Eastern')!;
    const after = instantOf('20260414 00:00:01 US/Eastern')!;
    expect(dateIn('America/New_York', before)).toBe('2026-04-13');
    expect(dateIn('America/New_York', after)).toBe('2026-04-14');
  });
});

describe('a reference', () => {
  it('comes back as the order it was made of, and only with our tag', () => {
    expect(referenceOf('prod', 'ord-00000001')).toBe('prod:ord-00000001');
    expect(orderOfReference('prod', 'prod:ord-00000001')).toBe('ord-00000001');
    for (const other of ['', 'prod', 'prod:', 'prod2:ord-1', 'ord-00000001', 'prod:a b']) {
      expect(orderOfReference('prod', other)).toBeNull();
    }
    expect(referenceOf('prod', 'ord-é')).toBeNull();
  });
});

describe('numbers on the wire', () => {
  it.each([
    [10.25, '10.25'],
    [1e-7, '0.000000100000'],
    [undefined, null],
    [NaN, null],
    [Infinity, null],
    [1e300, null],
  ])('%s is the text %s', (value, text) => {
    expect(decimalText(value)).toBe(text);
  });

  it('take the text of a field only where it is the number that was read', () => {
    expect(exactInteger('9223372036854775806', 9223372036854775806)).toBe('9223372036854775806');
    expect(exactInteger('12', 13)).toBe('13');
    expect(exactInteger(undefined, undefined)).toBe('0');
  });

  it('that are unset are no money', () => {
    for (const text of ['', 'NaN', '1.7976931348623157E308', 'Infinity']) {
      expect(toMoney(text)).toBeNull();
    }
    expect(toText(toMoney('1.5E-3')!)).toBe('0.0015');
  });

  it('of requests stay above every order id and below what the broker refuses', () => {
    const ids = new RequestIds();
    const taken = [ids.take(), ids.take()];
    expect(taken).toEqual([100_000_000, 100_000_001]);
  });
});

describe('the catalogue of codes', () => {
  it('has every code once, with a meaning and a next step in words', () => {
    expect(new Set(BROKER_CODES.map(({ code }) => code)).size).toBe(BROKER_CODES.length);
    for (const { meaning, next } of BROKER_CODES) {
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(next).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('explains a code it has and repeats one it has not', () => {
    expect(codeEntry(110)).toMatchObject({ onOrder: 'REFUSES' });
    expect(explain(110, 'bad price')).toBe(
      'bad price (broker code 110). Check the tick size of the instrument.',
    );
    expect(explain(9999, 'odd')).toBe('odd (broker code 9999)');
  });
});

describe('settings', () => {
  const settings: IbLinkSettings = {
    ...{ host: 'h', port: 1, clientId: 1, accounts: null, refTag: 't', requirePaper: true },
    clock: { now: () => 0 },
  };
  it.each([
    [{ refTag: 'a:b' }, 'tag of the orders'],
    [{ refTag: '' }, 'tag of the orders'],
    [{ messagesPerSecond: 46 }, '46 messages'],
    [{ messagesPerSecond: NaN }, 'NaN messages'],
    [{ clientId: -1 }, 'Client id -1'],
    [{ clientId: 0 }, 'client 0 is handed the manual orders of TWS'],
  ])('%j are refused', (wrong, why) => {
    expect(() => completeOptions({ ...settings, ...wrong })).toThrow(why);
  });

  it('have timers that can be called off', async () => {
    let ran = 0;
    realScheduler.after(1, () => (ran += 1));
    realScheduler.after(1, () => (ran += 10))();
    const before = realScheduler.now();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ran).toBe(1);
    expect(realScheduler.now()).toBeGreaterThan(before);
  });
});
