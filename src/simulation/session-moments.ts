/**
 * The moments of a replay that the clock brings and no trade: the ends of sessions, and the one
 * before each at which plans that are not to outlast it are closed out. Must not know the engine.
 */
import type { InstrumentKey } from '../domain/ids';
import { FLATTEN_BEFORE_CLOSE } from '../domain/plan';
import type { ReplayPlan } from './replay';

export interface SessionMoment {
  readonly what: 'CLOSE_OUT' | 'CLOSE';
  /** Epoch milliseconds. A trade of this instant comes before the close, after the close-out. */
  readonly at: number;
  readonly instruments: readonly InstrumentKey[];
}

/** Whether it has come before a trade of this time is looked at. */
export function isPast(moment: SessionMoment | undefined, time: number): boolean {
  if (moment === undefined) return false;
  return moment.at < time || (moment.at === time && moment.what === 'CLOSE_OUT');
}

/** Each with the instruments that share it, the earliest last. */
export function momentsOf(replay: ReplayPlan): SessionMoment[] {
  const { instruments, windows, plans } = replay;
  const flattening = new Set(
    plans
      .filter(({ spec }) => spec.settings.onClose === 'FLATTEN')
      .map(({ instrument }) => instrument),
  );
  const ends = instruments.flatMap(({ key }) => {
    const close = windows.get(key)?.close;
    return close === undefined ? [] : [{ key, close }];
  });
  const outs = ends
    .filter(({ key }) => flattening.has(key))
    .map(({ key, close }) => ({ key, at: close - FLATTEN_BEFORE_CLOSE }));
  const moments = [
    ...together('CLOSE_OUT', outs),
    ...together(
      'CLOSE',
      ends.map(({ key, close }) => ({ key, at: close })),
    ),
  ];
  return moments.sort((a, b) => b.at - a.at);
}

function together(
  what: SessionMoment['what'],
  each: readonly { readonly key: InstrumentKey; readonly at: number }[],
): SessionMoment[] {
  const byTime = new Map<number, InstrumentKey[]>();
  for (const { key, at } of each) byTime.set(at, [...(byTime.get(at) ?? []), key]);
  return [...byTime].map(([at, instruments]) => ({ what, at, instruments }));
}
