/**
 * The exchange's in-process face: the broker port on one side, reports handed over on the other. A
 * call and its answer share one instant where there is no latency.
 */
import type { Broker, CancelTarget, Clock, OrderTicket } from '../../domain/ports';
import type { Exchange, StampedReport } from './exchange';

export class InProcessBroker implements Broker {
  constructor(
    private readonly exchange: Exchange,
    private readonly clock: Clock,
    private readonly deliver: (stamped: StampedReport) => void,
  ) {}

  canSend(): boolean {
    return true;
  }
  place(ticket: OrderTicket): void {
    this.exchange.place(ticket, this.clock.now());
    this.#settle();
  }
  modify({ order, quantity }: OrderTicket): void {
    this.exchange.modify(order, quantity, this.clock.now());
    this.#settle();
  }
  cancel({ order }: CancelTarget): void {
    this.exchange.cancel(order, this.clock.now());
    this.#settle();
  }

  #settle(): void {
    for (const stamped of this.exchange.settle(this.clock.now())) this.deliver(stamped);
  }
}
