// Compares the whole XNYS calendar with two independent sources beside the checkout, day by day.
// Every difference that is allowed is named here with its reason; any other one fails.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { sessionOn } from '../../src/calendar/sessions';
import data from '../../src/calendar/xnys.json';
import { describeWithSharedData, sharedData } from '../support/shared-data';

const DAY_MS = 86_400_000;

/** Rows of a CSV file without its header; the files hold no quotes. */
function rowsOf(name: string): string[][] {
  const bytes = readFileSync(sharedData('calendar', name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.slice(1).map((line) => line.split(','));
}

function datesBetween(first: string, last: string): string[] {
  const dates: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += DAY_MS) {
    dates.push(new Date(ms).toISOString().slice(0, 10));
  }
  return dates;
}

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(date).getUTCDay());
}

function written(open: number, close: number): string {
  return `${new Date(open).toISOString()} ${new Date(close).toISOString()}`;
}

describeWithSharedData('the XNYS calendar against the reference data', () => {
  it('opens and closes at the same instants on every day from 1998 to 13 January 2023', () => {
    const reference = new Map(
      rowsOf('sessions_XNYS.csv.gz').map(([date = '', open = '', close = '']) => [
        date,
        written(Date.parse(open), Date.parse(close)),
      ]),
    );
    const dates = datesBetween('1998-01-01', '2023-01-13');

    const differences = dates.flatMap((date) => {
      const session = sessionOn('XNYS', date);
      const ours = session === undefined ? 'closed' : written(session.open, session.close);
      const theirs = reference.get(date) ?? 'closed';
      return ours === theirs ? [] : [`${date}: ours ${ours}, reference ${theirs}`];
    });

    expect(differences).toEqual([]);
    expect(dates.filter((date) => reference.has(date))).toHaveLength(6300);
  });

  it('has the same holidays through 2028, but for two Saturdays without effect', () => {
    // 1 January 2011 and 2022 were Saturdays. The list names the holiday itself; the exchange was
    // closed for the weekend and observed no other day, so our list of closures leaves them out.
    const saturdays = ['2011-01-01', '2022-01-01'];
    const reference = rowsOf('us_equity_holidays.csv').map(([date = '']) => date);

    expect(saturdays.map((date) => new Date(date).getUTCDay())).toEqual([6, 6]);
    expect([...Object.keys(data.holidays), ...saturdays].sort()).toEqual([...reference].sort());
    expect(reference.filter((date) => sessionOn('XNYS', date) !== undefined)).toEqual([]);
  });

  it('has the same early closes through 2028, but for four named dates', () => {
    // The list of early closes begins in late 1999 and misses the last day of that year; the list
    // of sessions has these three, and the exchange did close at 13:00.
    const missingInReference = ['1998-11-27', '1998-12-24', '1999-12-31'];
    // A Sunday: there was no session to shorten.
    const withoutSession = ['2017-12-24'];
    const reference = rowsOf('us_equity_early_closes.csv');
    const expected = reference
      .filter(([date = '']) => !withoutSession.includes(date))
      .map(([date = '', close = '']) => `${date} ${close.slice(0, 5)}`)
      .concat(missingInReference.map((date) => `${date} 13:00`));
    const ours = Object.entries(data.earlyCloses).map(([date, { close }]) => `${date} ${close}`);

    expect(ours.sort()).toEqual(expected.sort());
    expect(withoutSession.map((date) => new Date(date).getUTCDay())).toEqual([0]);
    expect(withoutSession.map((date) => sessionOn('XNYS', date))).toEqual([undefined]);
  });

  it('is open on exactly the weekdays that are no holiday of the list, through 2028', () => {
    const holidays = new Set(rowsOf('us_equity_holidays.csv').map(([date = '']) => date));

    const differences = datesBetween(data.firstDate, data.lastDate).filter(
      (date) =>
        (sessionOn('XNYS', date) !== undefined) !== (!isWeekend(date) && !holidays.has(date)),
    );

    expect(differences).toEqual([]);
  });
});
