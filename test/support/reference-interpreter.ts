// The thirteen rules of the reference data's SEMANTICS.md, written down as simply as they read, for
// one symbol and one day: plain numbers, whole fills, no latency, no risk rules. It shares no code
// with the engine. Where the product states more than the rules, it follows the product:
// - one add in flight; no touched add while an exit that has fired is on its way;
// - the market's own stops are reached before orders held by the engine look at the same trade;
// - a stop that fires calls back what opens and is at the market: no add beside a stop in flight;
// - a touched exit needs something left to reduce beside the exits already on their way.

export interface PaperOrder {
  readonly leg: string;
  readonly side: 'BUY' | 'SELL';
  readonly limit: boolean;
  readonly quantity: number;
  readonly price: number;
  readonly cross?: 'over' | 'under';
  readonly firesOnGap?: boolean;
  readonly namedStop?: boolean;
}
export interface PaperPlan {
  readonly entries: readonly PaperOrder[];
  readonly long: readonly PaperOrder[];
  readonly short: readonly PaperOrder[];
}
export interface PaperDay {
  readonly fills: readonly string[];
  /** Sorted within one trade. */
  readonly cancels: readonly string[];
  /** Sorted. */
  readonly expires: readonly string[];
  readonly position: number;
}

type Kind = 'entry' | 'resting' | 'touch' | 'stop';
interface Live {
  readonly order: PaperOrder;
  readonly kind: Kind;
  readonly reduces: boolean;
  /** Looks at trades after this one. */
  after: number;
  fired: boolean;
  /** For an entry: the price before, null until there is one. */
  before: number | null;
}

class Day {
  live: Live[] = [];
  position = 0;
  entered = false;
  readonly fills: string[] = [];
  readonly cancels: string[] = [];
  readonly expires: string[] = [];

  constructor(
    readonly plan: PaperPlan,
    close: number | null,
  ) {
    this.live = plan.entries.map((order) => {
      const before = order.firesOnGap === false ? null : close;
      return { order, kind: 'entry', reduces: false, after: -1, fired: false, before };
    });
  }

  trade(n: number, traded: number): void {
    for (const each of [...this.live])
      if (this.fillable(each, n, traded)) this.fill(each, n, traded);
    const looking = this.live.filter((each) => !each.fired && each.after < n);
    const at = (kind: Kind) => looking.filter((each) => each.kind === kind);
    for (const each of at('stop')) {
      if (this.live.includes(each) && this.stops(each.order, traded)) this.fire(each, n);
    }
    for (const each of at('touch')) {
      if (this.touches(each.order, traded) && this.mayFire(each)) this.fire(each, n);
    }
    for (const each of at('entry')) {
      const crossed = each.before !== null && this.crosses(each.order, each.before, traded);
      each.before = traded;
      if (!crossed || !this.live.includes(each)) continue;
      this.fire(each, n);
      for (const other of at('entry')) if (other !== each) this.cancel(other, n);
    }
  }

  /** Rules 7 to 9. */
  fillable(each: Live, n: number, traded: number): boolean {
    if (!this.live.includes(each) || each.after >= n) return false;
    if (each.kind !== 'resting' && !each.fired) return false;
    if (!each.order.limit) return true;
    return this.touches(each.order, traded);
  }

  fill(each: Live, n: number, traded: number): void {
    const { order } = each;
    const size = each.reduces ? Math.min(order.quantity, Math.abs(this.position)) : order.quantity;
    this.position += order.side === 'BUY' ? size : -size;
    this.live = this.live.filter((other) => other !== each);
    this.fills.push(`${n} ${order.leg} ${size} at ${traded} makes ${this.position}`);
    if (each.kind === 'entry') this.enter(n, traded);
    else if (this.position === 0) for (const other of [...this.live]) this.cancel(other, n);
  }

  /** Rule 10. */
  enter(n: number, reference: number): void {
    const exitSide = this.position > 0 ? 'SELL' : 'BUY';
    for (const order of this.position > 0 ? this.plan.long : this.plan.short) {
      const worse = order.side === 'SELL' ? order.price < reference : order.price > reference;
      const stop = order.price === reference ? order.namedStop === true : worse;
      const kind = stop ? 'stop' : order.limit ? 'resting' : 'touch';
      const reduces = order.side === exitSide;
      this.live.push({ order, kind, reduces, after: n, fired: false, before: null });
    }
  }

  mayFire(each: Live): boolean {
    const flying = this.live.filter((other) => other.fired && other.kind !== 'entry');
    const exits = flying.filter((other) => other.reduces);
    if (!each.reduces) return flying.length === 0;
    const leaving = exits.reduce((sum, other) => sum + other.order.quantity, 0);
    return Math.abs(this.position) - leaving > 0;
  }

  fire(each: Live, n: number): void {
    each.fired = true;
    each.after = n;
    if (each.kind !== 'stop' || !each.reduces) return;
    for (const other of [...this.live]) {
      const atTheMarket = other.fired || other.kind === 'resting' || other.kind === 'stop';
      if (!other.reduces && atTheMarket) this.cancel(other, n);
    }
  }
  cancel(each: Live, n: number): void {
    this.live = this.live.filter((other) => other !== each);
    this.cancels.push(`${n} ${each.order.leg}`);
  }
  crosses({ cross, price }: PaperOrder, before: number, traded: number): boolean {
    return cross === 'over' ? before <= price && traded > price : before >= price && traded < price;
  }
  touches({ side, price }: PaperOrder, traded: number): boolean {
    return side === 'BUY' ? traded <= price : traded >= price;
  }
  stops({ side, price }: PaperOrder, traded: number): boolean {
    return side === 'BUY' ? traded >= price : traded <= price;
  }
}

/** The day of a plan over trades, by the rules of the paper. */
export function dayByThePaper(
  plan: PaperPlan,
  trades: readonly number[],
  close: number | null,
): PaperDay {
  const day = new Day(plan, close);
  for (const [n, traded] of trades.entries()) day.trade(n, traded);
  for (const { order } of day.live) day.expires.push(order.leg);
  const { fills, position } = day;
  return { fills, cancels: day.cancels.sort(), expires: day.expires.sort(), position };
}
