/**
 * Order prices on the instrument's tick, never worse for the trader than stated. Trigger levels are
 * not rounded at all: they pass by here only where a broker must hold them as an order price.
 */
import { roundToStep, type Price } from '../../domain/decimal';
import type { Side } from '../../domain/order';

/** A BUY limit goes down to the tick, a SELL limit up. */
export function limitOnTick(level: Price, tick: Price, side: Side): Price {
  return roundToStep(level, tick, side === 'BUY' ? 'DOWN' : 'UP');
}
/** A BUY stop goes up to the tick, a SELL stop down. */
export function stopOnTick(level: Price, tick: Price, side: Side): Price {
  return roundToStep(level, tick, side === 'BUY' ? 'UP' : 'DOWN');
}
