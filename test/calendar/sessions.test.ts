// The calendar by itself: known days on both sides of every rule, and what it refuses to answer.

import {
  CalendarRangeError,
  exchangeDate,
  nextSession,
  previousSession,
  sessionOn,
  withinExtendedHours,
  zoneOf,
} from '../../src/calendar/sessions';
import type { CalendarKey } from '../../src/calendar/sessions';

const at = (text: string): number => Date.parse(text);

/** Opening and closing instants as text, or "closed". */
function hours(date: string, calendar: CalendarKey = 'XNYS'): string {
  const session = sessionOn(calendar, date);
  if (session === undefined) return 'closed';
  const [open, close] = [session.open, session.close].map((ms) => new Date(ms).toISOString());
  return `${open} ${close}`;
}

function refusal(ask: () => unknown): CalendarRangeError {
  try {
    ask();
  } catch (error) {
    if (error instanceof CalendarRangeError) return error;
    throw error;
  }
  throw new Error('expected a CalendarRangeError');
}

describe('a session of XNYS', () => {
  it('is an hour earlier in UTC after the clocks go forward on 13 March 2011', () => {
    expect(hours('2011-03-11')).toBe('2011-03-11T14:30:00.000Z 2011-03-11T21:00:00.000Z');
    expect(hours('2011-03-14')).toBe('2011-03-14T13:30:00.000Z 2011-03-14T20:00:00.000Z');
  });

  it('is an hour later in UTC after the clocks go back on 6 November 2011', () => {
    expect(hours('2011-11-04')).toBe('2011-11-04T13:30:00.000Z 2011-11-04T20:00:00.000Z');
    expect(hours('2011-11-07')).toBe('2011-11-07T14:30:00.000Z 2011-11-07T21:00:00.000Z');
  });

  it('follows the older clock changes too: April and October before 2007', () => {
    expect(hours('2006-03-31')).toBe('2006-03-31T14:30:00.000Z 2006-03-31T21:00:00.000Z');
    expect(hours('2006-04-03')).toBe('2006-04-03T13:30:00.000Z 2006-04-03T20:00:00.000Z');
  });

  it('carries its exchange date', () => {
    expect(sessionOn('XNYS', '2013-10-08')?.date).toBe('2013-10-08');
  });

  it.each([
    ['the day after Thanksgiving', '2013-11-29', '18:00'],
    ['Christmas Eve', '2024-12-24', '18:00'],
    ['the day before Independence Day', '2014-07-03', '17:00'],
    ['a Wednesday before Independence Day since 2013', '2013-07-03', '17:00'],
    ['the Friday after Independence Day 2002', '2002-07-05', '17:00'],
    ['the day after Christmas 2003', '2003-12-26', '18:00'],
    ["New Year's Eve 1999", '1999-12-31', '18:00'],
  ])('ends at 13:00 New York on %s', (_name, date, closeUtc) => {
    expect(hours(date)).toContain(` ${date}T${closeUtc}:00.000Z`);
  });

  it('is whole on Wednesday 3 July 2002, when the half day was the Friday after', () => {
    expect(hours('2002-07-03')).toContain(' 2002-07-03T20:00:00.000Z');
  });

  it('is whole when the holiday after it is observed on a Friday or a Monday', () => {
    expect(hours('2020-07-02')).toContain(' 2020-07-02T20:00:00.000Z');
    expect(hours('2021-07-02')).toContain(' 2021-07-02T20:00:00.000Z');
    expect(hours('2021-12-23')).toContain(' 2021-12-23T21:00:00.000Z');
  });

  it('takes place on a leap day that is a weekday', () => {
    expect(hours('2024-02-29')).toBe('2024-02-29T14:30:00.000Z 2024-02-29T21:00:00.000Z');
  });

  it('is the same frozen object each time it is asked for', () => {
    const session = sessionOn('XNYS', '2013-10-08');
    expect(sessionOn('XNYS', '2013-10-08')).toBe(session);
    expect(Object.isFrozen(session)).toBe(true);
  });
});

describe('XNYS is closed', () => {
  it.each([
    ['after the attacks of 2001', ['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14']],
    ['in mourning for Ronald Reagan', ['2004-06-11']],
    ['in mourning for Gerald Ford', ['2007-01-02']],
    ['for Hurricane Sandy', ['2012-10-29', '2012-10-30']],
    ['in mourning for George H. W. Bush', ['2018-12-05']],
    ['in mourning for Jimmy Carter', ['2025-01-09']],
    ['on weekends', ['2013-10-05', '2013-10-06', '2020-02-29']],
    ['on Juneteenth since 2022, observed on Monday', ['2022-06-20', '2023-06-19']],
    ['on the observed day of a holiday on a weekend', ['2020-07-03', '2021-07-05', '2021-12-24']],
    ['on Monday when New Year is a Sunday', ['2017-01-02', '2023-01-02']],
    ['on Good Friday', ['2011-04-22', '2024-03-29']],
  ])('%s', (_name, dates) => {
    expect(dates.map((date) => hours(date))).toEqual(dates.map(() => 'closed'));
  });

  it('on neither side of a New Year that falls on a Saturday', () => {
    expect(hours('2010-12-31')).toContain(' 2010-12-31T21:00:00.000Z');
    expect(hours('2011-01-03')).toContain(' 2011-01-03T21:00:00.000Z');
  });

  it('but open on the days beside the special closures', () => {
    const beside = ['2001-09-10', '2001-09-17', '2012-10-26', '2012-10-31', '2018-12-06'];
    expect(beside.filter((date) => sessionOn('XNYS', date) === undefined)).toEqual([]);
  });

  it('but open on Juneteenth before 2022 and on a bond holiday', () => {
    expect(sessionOn('XNYS', '2020-06-19')).toBeDefined();
    expect(sessionOn('XNYS', '2013-10-14')).toBeDefined();
  });
});

describe('the UTC calendar', () => {
  it('has a session from the first to the last millisecond of every day, weekends included', () => {
    expect(hours('2013-01-01', 'UTC')).toBe('2013-01-01T00:00:00.000Z 2013-01-01T23:59:59.999Z');
    expect(hours('2012-02-29', 'UTC')).toBe('2012-02-29T00:00:00.000Z 2012-02-29T23:59:59.999Z');
    expect(hours('2013-10-06', 'UTC')).toBe('2013-10-06T00:00:00.000Z 2013-10-06T23:59:59.999Z');
  });

  it('dates instants by the UTC day and is always within extended hours', () => {
    expect(exchangeDate('UTC', at('2013-10-08T23:59:59.999Z'))).toBe('2013-10-08');
    expect(exchangeDate('UTC', at('2013-10-09T00:00:00.000Z'))).toBe('2013-10-09');
    expect(exchangeDate('UTC', -1)).toBe('1969-12-31');
    expect(withinExtendedHours('UTC', at('2013-10-06T03:00:00Z'))).toBe(true);
  });

  it('steps from day to day across a year', () => {
    expect(nextSession('UTC', '2012-12-31').date).toBe('2013-01-01');
    expect(previousSession('UTC', '2013-01-01').date).toBe('2012-12-31');
  });
});

describe('the exchange date of an instant', () => {
  it('is still the day before in New York just after midnight UTC', () => {
    expect(exchangeDate('XNYS', at('2013-10-09T00:00:00.001Z'))).toBe('2013-10-08');
    expect(exchangeDate('XNYS', at('2013-10-09T03:59:59.999Z'))).toBe('2013-10-08');
    expect(exchangeDate('XNYS', at('2013-10-09T04:00:00.000Z'))).toBe('2013-10-09');
  });

  it('changes at 05:00 UTC before the clock change of March 2011 and at 04:00 after it', () => {
    expect(exchangeDate('XNYS', at('2011-03-13T04:59:59.999Z'))).toBe('2011-03-12');
    expect(exchangeDate('XNYS', at('2011-03-13T05:00:00.000Z'))).toBe('2011-03-13');
    expect(exchangeDate('XNYS', at('2011-03-14T03:59:59.999Z'))).toBe('2011-03-13');
    expect(exchangeDate('XNYS', at('2011-03-14T04:00:00.000Z'))).toBe('2011-03-14');
  });

  it('agrees with the platform for every hour of the days of a clock change', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zoneOf('XNYS') });
    for (const date of ['2011-03-13', '2011-11-06', '2006-04-02', '2006-10-29']) {
      for (let hour = 0; hour < 48; hour += 1) {
        const instant = at(`${date}T00:00:00Z`) + hour * 3_600_000;
        expect(exchangeDate('XNYS', instant)).toBe(format.format(instant));
      }
    }
  });

  it('includes the leap day', () => {
    expect(exchangeDate('XNYS', at('2024-03-01T04:59:59Z'))).toBe('2024-02-29');
  });

  it('needs no covered date', () => {
    expect(exchangeDate('XNYS', at('1990-01-02T15:00:00Z'))).toBe('1990-01-02');
  });

  it('is counted in the named zone', () => {
    expect([zoneOf('XNYS'), zoneOf('UTC')]).toEqual(['America/New_York', 'UTC']);
  });
});

describe('the neighbouring session', () => {
  it('skips weekends and holidays and never is the session of the date itself', () => {
    expect(nextSession('XNYS', '2001-09-10').date).toBe('2001-09-17');
    expect(previousSession('XNYS', '2001-09-17').date).toBe('2001-09-10');
    expect(nextSession('XNYS', '2013-10-08').date).toBe('2013-10-09');
    expect(previousSession('XNYS', '2013-10-06').date).toBe('2013-10-04');
  });

  it('is refused beyond the last and before the first known session', () => {
    expect(nextSession('XNYS', '2028-12-28').date).toBe('2028-12-29');
    expect(refusal(() => nextSession('XNYS', '2028-12-29')).message).toMatch(
      /^No session of XNYS is known after 2028-12-29\. /,
    );
    expect(refusal(() => previousSession('XNYS', '1998-01-02')).message).toMatch(
      /^No session of XNYS is known before 1998-01-02\. /,
    );
  });
});

describe('extended hours of XNYS', () => {
  it('run from 04:00 to 20:00 New York on a session date, both ends included', () => {
    expect(withinExtendedHours('XNYS', at('2011-03-11T08:59:59.999Z'))).toBe(false);
    expect(withinExtendedHours('XNYS', at('2011-03-11T09:00:00.000Z'))).toBe(true);
    expect(withinExtendedHours('XNYS', at('2011-03-12T01:00:00.000Z'))).toBe(true);
    expect(withinExtendedHours('XNYS', at('2011-03-12T01:00:00.001Z'))).toBe(false);
  });

  it('move with the clock change', () => {
    expect(withinExtendedHours('XNYS', at('2011-03-14T07:59:59.999Z'))).toBe(false);
    expect(withinExtendedHours('XNYS', at('2011-03-14T08:00:00.000Z'))).toBe(true);
  });

  it('do not exist on a closed day', () => {
    expect(withinExtendedHours('XNYS', at('2012-10-29T15:00:00Z'))).toBe(false);
    expect(withinExtendedHours('XNYS', at('2013-10-06T15:00:00Z'))).toBe(false);
  });
});

describe('a question outside the calendar', () => {
  it.each(['1997-12-31', '2029-01-01', '0000-01-01', '9999-12-31'])(
    'is refused for %s with the date, the range and the next step',
    (date) => {
      const error = refusal(() => sessionOn('XNYS', date));
      expect(error).toBeInstanceOf(RangeError);
      expect(error.name).toBe('CalendarRangeError');
      expect(error.range).toEqual({ firstDate: '1998-01-01', lastDate: '2028-12-31' });
      expect(error.message).toBe(
        `The XNYS calendar does not know ${date}. XNYS covers 1998-01-01 to 2028-12-31. Use a ` +
          "date in that range, or add the exchange's published dates to src/calendar/xnys.json.",
      );
    },
  );

  it('is answered at both ends of the range', () => {
    expect(hours('1998-01-01')).toBe('closed');
    expect(hours('1998-01-02')).toBe('1998-01-02T14:30:00.000Z 1998-01-02T21:00:00.000Z');
    expect(hours('2028-12-29')).toBe('2028-12-29T14:30:00.000Z 2028-12-29T21:00:00.000Z');
    expect(hours('2028-12-31')).toBe('closed');
  });

  it.each(['2011-02-29', '2011-13-01', '2011-3-1', '20110301', '', '__proto__', '2011-03-01T00'])(
    'is refused for the text "%s", which is no date',
    (text) => {
      expect(refusal(() => sessionOn('XNYS', text)).message).toContain(
        'is not a date written yyyy-mm-dd. XNYS covers 1998-01-01 to 2028-12-31.',
      );
      expect(() => sessionOn('UTC', text)).toThrow(CalendarRangeError);
    },
  );

  it.each([Number.NaN, Infinity, -Infinity, 8.64e15, -8.64e15])(
    'is refused for the instant %p',
    (instant) => {
      expect(() => exchangeDate('XNYS', instant)).toThrow(CalendarRangeError);
      expect(() => exchangeDate('UTC', instant)).toThrow(/epoch milliseconds UTC/);
    },
  );

  it('is refused for extended hours on a date that is not covered', () => {
    expect(() => withinExtendedHours('XNYS', at('1997-12-31T15:00:00Z'))).toThrow(
      CalendarRangeError,
    );
  });
});
