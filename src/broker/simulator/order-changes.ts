/**
 * Other terms for an order that lives: quantity, prices, time in force. What makes another order of
 * it is refused, and the order works on as it was.
 */
import { compare, equals, quantity, toText } from '../../domain/decimal';
import type { DeskParts } from './order-desk';
import type { GatewayOrder } from './gateway-records';
import { refusalOf, ticketOf, tifOf, type Refusal } from './order-checks';
import { isLive, type OrderShelf } from './order-shelf';
import type { PlaceRequest, WireOrder } from './tws-order-fields';
import type { NewPrices } from './exchange';

export interface Changing {
  readonly shelf: OrderShelf;
  transmit(order: GatewayOrder): void;
  settle(): void;
}

/** Changes the order; why not, if it cannot be. */
export function changeOrder(
  parts: DeskParts,
  desk: Changing,
  what: { readonly known: GatewayOrder; readonly request: PlaceRequest },
): Refusal | null {
  const { known, request } = what;
  if (known.status === 'Filled') return { code: 104, text: 'Cannot modify a filled order.' };
  if (!isLive(known)) return { code: 103, text: 'Duplicate order id' };
  const listing = parts.listingOf(request.contract);
  if (listing === undefined || listing.instrument.key !== known.instrument) return MISMATCH;
  const refusal = refusalOf(request, listing);
  if (refusal !== null) return refusal;
  if (request.order.whatIf) return MISMATCH;
  const order = termsOf(known.order, request.order);
  if (order === null) return MISMATCH;
  if (known.held === 'TRANSMIT') {
    const changed = desk.shelf.change(known, { order });
    if (order.transmit) desk.transmit(changed);
    return null;
  }
  if (!request.order.transmit) return UNTRANSMITTED;
  if (known.held !== null) {
    parts.audience.orderChanged(desk.shelf.change(known, { order }));
    return null;
  }
  changeWorking(parts, desk, { known, order });
  return null;
}

function changeWorking(
  parts: DeskParts,
  desk: Changing,
  { known, order }: { readonly known: GatewayOrder; readonly order: WireOrder },
): void {
  const id = String(known.permId);
  const before = known.order;
  const asked = quantity(order.totalQuantity);
  const filled = quantity(known.filled);
  const total = compare(asked, filled) < 0 ? filled : asked;
  const terms = { ...order, totalQuantity: toText(total) };
  desk.shelf.change(known, { order: terms });
  const prices = newPrices(known, { before, order: terms });
  let asks = 0;
  if (prices !== null) {
    parts.exchange.reprice(id, prices, parts.now());
    asks += 1;
  }
  if (!equals(total, quantity(before.totalQuantity))) {
    parts.exchange.modify(id, total, parts.now());
    asks += 1;
  }
  if (asks > 0) desk.settle();
  else parts.audience.orderChanged(desk.shelf.get(known.permId, known));
}

/** The new prices where they differ; null when the order may keep its place. */
function newPrices(
  known: GatewayOrder,
  { before, order }: { readonly before: WireOrder; readonly order: WireOrder },
): NewPrices | null {
  const members = ['lmtPrice', 'auxPrice', 'trailStopPrice', 'trailingPercent', 'tif'] as const;
  if (members.every((member) => before[member] === order[member])) return null;
  const ticket = ticketOf({ ...known, order });
  return {
    limitPrice: ticket.limitPrice,
    stopPrice: ticket.stopPrice,
    timeInForce: tifOf(order),
    ...(ticket.trail === undefined ? {} : { trail: ticket.trail }),
  };
}

/** The order with its new terms; null when more than terms differ. */
function termsOf(before: WireOrder, asked: WireOrder): WireOrder | null {
  const same =
    before.action === asked.action &&
    before.orderType.toUpperCase() === asked.orderType.toUpperCase() &&
    before.parentId === asked.parentId &&
    (asked.ocaGroup === '' || asked.ocaGroup === before.ocaGroup) &&
    JSON.stringify(before.conditions) === JSON.stringify(asked.conditions);
  if (!same) return null;
  const { ocaGroup, ocaType } = before;
  return { ...asked, ocaGroup, ocaType };
}

const MISMATCH: Refusal = {
  code: 105,
  text: 'Order being modified does not match original order.',
};
const UNTRANSMITTED: Refusal = {
  code: 321,
  text:
    "Error validating request.-'bC' : cause - " +
    'a change of an order that works has to be transmitted',
};
