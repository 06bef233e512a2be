/** Where the book is not certain: what must not be opened in until it is. */
import { equals, toText } from '../../domain/decimal';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import { orderOf, positionKey, positionOf, type State } from './state';

/** What keeps an instrument of an account from being opened in; null: nothing. */
export function unreconciled(
  state: State,
  place: { readonly account: AccountKey; readonly instrument: InstrumentKey },
): string | null {
  const { account, instrument } = place;
  const key = positionKey(account, instrument);
  const broken = state.breaks.get(key);
  if (broken !== undefined) {
    const { brokerQuantity: there, bookQuantity: here } = broken;
    return `the broker holds ${toText(there)} ${instrument}, the book ${toText(here)}`;
  }
  const suspected = state.suspectedBreaks.get(key);
  if (suspected !== undefined) {
    const here = positionOf(state, place).quantity;
    const { brokerQuantity: there } = suspected;
    // The fill that was on its way has come.
    if (equals(here, there)) return null;
    const sides = `the broker held ${toText(there)} ${instrument} and the book ${toText(here)}`;
    return `${sides} when the connection began, and both are compared again`;
  }
  for (const id of state.working.get(instrument) ?? []) {
    const order = orderOf(state, id);
    if (order.account === account && order.status === 'UNKNOWN') {
      return `${id} was sent and the broker shows no trace of it`;
    }
  }
  return null;
}
