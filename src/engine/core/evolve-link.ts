/**
 * The part of the fold that follows the broker link: whether orders may leave, which ids are
 * burned, what somebody else has working, and where broker and book differ.
 */
import type { Event } from '../../domain/event';
import { positionKey, type State } from './state';

const LINK_EVENTS = [
  'LinkReady',
  'LinkLost',
  'ExternalOrderSeen',
  'ExternalOrderEnded',
  'BreakSuspected',
  'BreakOpened',
  'BreakClosed',
] as const;
type LinkEvent = Extract<Event, { type: (typeof LINK_EVENTS)[number] }>;
const LINK_TYPES: ReadonlySet<string> = new Set(LINK_EVENTS);

export function isLinkEvent(event: Event): event is LinkEvent {
  return LINK_TYPES.has(event.type);
}

export function foldLinkEvent(state: State, event: LinkEvent): void {
  const { link } = state;
  switch (event.type) {
    case 'LinkReady':
      link.ready = true;
      link.epoch = event.epoch;
      link.clientId = event.clientId;
      link.nextBrokerOrderId = Math.max(link.nextBrokerOrderId, event.nextBrokerOrderId);
      break;
    case 'LinkLost':
      link.ready = false;
      break;
    case 'ExternalOrderSeen':
      state.externalOrders.set(event.order.permId, event.order);
      break;
    case 'ExternalOrderEnded':
      state.externalOrders.delete(event.permId);
      break;
    case 'BreakSuspected': {
      const { account, instrument, brokerQuantity, bookQuantity } = event;
      const found = { account, instrument, brokerQuantity, bookQuantity };
      state.suspectedBreaks.set(positionKey(account, instrument), found);
      break;
    }
    case 'BreakOpened': {
      const { account, instrument, brokerQuantity, bookQuantity } = event;
      const found = { account, instrument, brokerQuantity, bookQuantity };
      state.breaks.set(positionKey(account, instrument), found);
      state.suspectedBreaks.delete(positionKey(account, instrument));
      break;
    }
    case 'BreakClosed': {
      const key = positionKey(event.account, event.instrument);
      state.breaks.delete(key);
      state.suspectedBreaks.delete(key);
      break;
    }
  }
}
