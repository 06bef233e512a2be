// Which session is on, and which trading dates may arm now, at both ends of a session and around
// the changes of the clocks.

import { currentOrNext, judgeDate, sessionAt, dayOrdersEndedBefore } from '../../src/live/sessions';
import { openSince } from '../../src/live/sessions';

const at = (text: string): number => Date.parse(text);

describe('the session of an instant', () => {
  it.each([
    ['a millisecond before the open', '2026-01-05T14:29:59.999Z', null],
    ['at the open', '2026-01-05T14:30:00.000Z', '2026-01-05'],
    ['at the close', '2026-01-05T21:00:00.000Z', '2026-01-05'],
    ['a millisecond after the close', '2026-01-05T21:00:00.001Z', null],
    ['at the close of a half day', '2024-12-24T18:00:00.000Z', '2024-12-24'],
    ['after a half day', '2024-12-24T18:00:00.001Z', null],
    ['on a Saturday', '2026-01-03T16:00:00.000Z', null],
    ['in winter time, at the summer open', '2026-03-06T13:30:00.000Z', null],
    ['in summer time, at the summer open', '2026-03-09T13:30:00.000Z', '2026-03-09'],
    ['in summer time, at the winter close', '2026-03-09T21:00:00.000Z', null],
    ['back in winter time, at the summer open', '2026-11-02T13:30:00.000Z', null],
  ])('%s', (_, when, date) => {
    expect(sessionAt('XNYS', at(when))?.date ?? null).toBe(date);
  });
});

describe('the current session, or the next', () => {
  it.each([
    ['2026-01-05T03:00:00Z', '2026-01-05'],
    ['2026-01-05T21:00:00.000Z', '2026-01-05'],
    ['2026-01-05T21:00:00.001Z', '2026-01-06'],
    ['2026-01-09T22:00:00Z', '2026-01-12'],
    // Past midnight in UTC, still the evening of the fifth in New York.
    ['2026-01-06T02:00:00Z', '2026-01-06'],
    ['2026-07-03T15:00:00Z', '2026-07-06'],
  ])('at %s is that of %s', (when, date) => {
    expect(currentOrNext('XNYS', at(when)).date).toBe(date);
  });
});

describe('a trading date', () => {
  it.each([
    ['2026-01-05', '2026-01-05T21:00:00.000Z', 'CURRENT'],
    ['2026-01-05', '2026-01-05T21:00:00.001Z', 'PASSED'],
    ['2026-01-06', '2026-01-05T21:00:00.001Z', 'CURRENT'],
    ['2026-01-06', '2026-01-05T21:00:00.000Z', 'TOO_EARLY'],
    ['2026-01-12', '2026-01-10T12:00:00Z', 'CURRENT'],
    ['2026-01-10', '2026-01-09T12:00:00Z', 'NO_SESSION'],
    ['2026-01-04', '2026-01-05T12:00:00Z', 'PASSED'],
    ['2026-03-09', '2026-03-09T13:30:00Z', 'CURRENT'],
    ['2026-03-09', '2026-03-09T20:00:00.001Z', 'PASSED'],
  ] as const)('%s at %s is %s', (date, when, verdict) => {
    expect(judgeDate('XNYS', date, at(when))).toBe(verdict);
  });
});

describe('day orders', () => {
  // 2026-01-09 was a Friday; New York closes at 21:00 UTC in winter.
  it.each([
    ['in a session, those of the session before', '2026-01-12T15:00:00Z', '2026-01-09T21:00:00Z'],
    ['on a week-end, those of Friday', '2026-01-10T12:00:00Z', '2026-01-09T21:00:00Z'],
    ['after hours, not yet those of the day', '2026-01-09T23:00:00Z', '2026-01-08T21:00:00Z'],
    ['late in the evening, those of the day', '2026-01-10T01:00:01Z', '2026-01-09T21:00:00Z'],
  ])('%s have ended', (_, now, ended) => {
    expect(new Date(dayOrdersEndedBefore('XNYS', at(now)))).toEqual(new Date(ended));
  });
});

describe('whether a session has been on since', () => {
  it.each([
    ['over a night', '2026-01-05T22:00:00Z', '2026-01-06T14:29:59.999Z', false],
    ['over a weekend', '2026-01-02T22:00:00Z', '2026-01-05T12:00:00Z', false],
    ['up to the open', '2026-01-05T12:00:00Z', '2026-01-05T14:30:00.000Z', true],
    ['from within a session', '2026-01-05T20:59:00Z', '2026-01-05T23:00:00Z', true],
    ['over a whole one', '2026-01-05T12:00:00Z', '2026-01-06T12:00:00Z', true],
    [
      'beyond the calendar, where nobody knows',
      '2999-01-05T12:00:00Z',
      '2999-01-05T12:00:01Z',
      true,
    ],
  ])('%s', (_, from, to, expected) => {
    expect(openSince('XNYS', at(from), at(to))).toBe(expected);
  });
});
