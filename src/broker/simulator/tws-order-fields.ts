/**
 * Reads `placeOrder` as clients of versions 151 to 193 write it. Only knows where each field
 * stands: whether the order can be worked is decided elsewhere, but what this gateway has no
 * meaning for is listed here by name, so that it is refused and never dropped in silence.
 */
import { FieldReader } from './tws-fields';
import { SINCE } from './tws-versions';

/** A contract as a client names it; empty text where it says nothing. */
export interface WireContract {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
}

/** A price or time that has to come before an order works. */
export interface WireCondition {
  readonly kind: 'PRICE' | 'TIME';
  /** Whether it is joined to the next by "and". */
  readonly and: boolean;
  readonly isMore: boolean;
  readonly value: string;
  readonly conId: number;
  readonly exchange: string;
  readonly triggerMethod: string;
}

/** An order as a client sends it; prices in canonical text, empty where they are not set. */
export interface WireOrder {
  readonly action: string;
  readonly totalQuantity: string;
  readonly orderType: string;
  readonly lmtPrice: string;
  readonly auxPrice: string;
  readonly tif: string;
  readonly ocaGroup: string;
  readonly ocaType: number;
  readonly account: string;
  readonly orderRef: string;
  readonly transmit: boolean;
  readonly parentId: number;
  readonly triggerMethod: number;
  readonly outsideRth: boolean;
  readonly trailStopPrice: string;
  readonly trailingPercent: string;
  readonly whatIf: boolean;
  readonly conditions: readonly WireCondition[];
}

export interface PlaceRequest {
  readonly orderId: number;
  readonly contract: WireContract;
  readonly order: WireOrder;
  /** Attributes that ask for something this gateway cannot do, by IB's names. */
  readonly unsupported: readonly string[];
}

/** The order id of a message that could not be read to its end; -1 when even that is missing. */
export function orderIdOf(fields: readonly string[]): number {
  const id = Number(fields[1] ?? '');
  return Number.isInteger(id) && fields[1] !== '' ? id : -1;
}

/** The twelve fields of a contract without its combination legs. */
export function readContract(reader: FieldReader): WireContract {
  const conId = reader.integer('conId', 0);
  const symbol = reader.text('symbol');
  const secType = reader.text('secType');
  reader.skip(4); // last trade date, strike, right, multiplier
  const exchange = reader.text('exchange');
  const primaryExchange = reader.text('primaryExchange');
  const currency = reader.text('currency');
  const localSymbol = reader.text('localSymbol');
  reader.text('tradingClass');
  return { conId, symbol, secType, exchange, primaryExchange, currency, localSymbol };
}

/** @throws FieldError naming the first field that cannot be read */
export function readPlaceOrder(fields: readonly string[], version: number): PlaceRequest {
  const reader = new FieldReader(fields);
  const orderId = reader.id('orderId');
  const contract = readContract(reader);
  reader.skip(2); // secIdType, secId
  const unsupported: string[] = [];
  if (contract.secType.toUpperCase() === 'BAG') {
    // Its legs change the places of all that follows; it is refused by its type.
    return { orderId, contract, order: NOTHING, unsupported: ['BAG contracts'] };
  }
  const sections = new Sections(reader, unsupported, version);
  const main = sections.main();
  if (!ORDER_TYPES.has(main.orderType.toUpperCase())) {
    // Some types bring fields of their own; the order is refused by its type.
    return { orderId, contract, order: { ...NOTHING, ...main }, unsupported };
  }
  const order = { ...main, ...sections.middle(), ...sections.end() };
  return { orderId, contract, order, unsupported };
}

/** The order types this gateway works, by IB's names. */
export const ORDER_TYPES: ReadonlySet<string> = new Set([
  ...['MKT', 'LMT', 'STP', 'STP LMT', 'MIT', 'TRAIL'],
]);

const NOTHING: WireOrder = {
  ...{ action: '', totalQuantity: '', orderType: '', lmtPrice: '', auxPrice: '', tif: '' },
  ...{ ocaGroup: '', ocaType: 0, account: '', orderRef: '', transmit: false, parentId: 0 },
  ...{ triggerMethod: 0, outsideRth: false, trailStopPrice: '', trailingPercent: '' },
  ...{ whatIf: false, conditions: [] },
};

const SILENT: ReadonlySet<string> = new Set(['', '0', '0.0', 'false', '2147483647']);

/** The order's fields in their three stretches on the wire; the calls must come in this order. */
class Sections {
  constructor(
    private readonly reader: FieldReader,
    private readonly unsupported: string[],
    private readonly version: number,
  ) {}

  main() {
    const { reader } = this;
    const action = reader.text('action');
    const totalQuantity = reader.decimal('totalQuantity');
    const orderType = reader.text('orderType');
    const lmtPrice = reader.decimal('lmtPrice');
    const auxPrice = reader.decimal('auxPrice');
    const tif = reader.text('tif');
    const ocaGroup = reader.text('ocaGroup');
    const account = reader.text('account');
    reader.skip(2); // openClose, origin
    const orderRef = reader.text('orderRef');
    const transmit = reader.flag('transmit');
    const parentId = reader.integer('parentId', 0);
    reader.skip(1); // blockOrder
    this.#refuse('sweepToFill', 'displaySize');
    const triggerMethod = reader.integer('triggerMethod', 0);
    const outsideRth = reader.flag('outsideRth');
    this.#refuse('hidden');
    return {
      ...{ action, totalQuantity, orderType, lmtPrice, auxPrice, tif, ocaGroup, account },
      ...{ orderRef, transmit, parentId, triggerMethod, outsideRth },
    };
  }

  middle() {
    const { reader, version } = this;
    reader.skip(1); // shares allocation, no longer used
    this.#refuse('discretionaryAmt', 'goodAfterTime', 'goodTillDate');
    this.#refuse('faGroup', 'faMethod', 'faPercentage');
    if (version < SINCE.NO_FA_PROFILE) this.#refuse('faProfile');
    this.#refuse('modelCode', 'shortSaleSlot', 'designatedLocation');
    reader.skip(1); // exemptCode
    const ocaType = reader.integer('ocaType', 0);
    reader.skip(2); // rule80A, settlingFirm
    this.#refuse('allOrNone', 'minQty', 'percentOffset');
    reader.skip(9); // eTradeOnly to stockRangeUpper: of pegged, box and volatility orders
    reader.skip(1); // overridePercentageConstraints
    reader.skip(2); // volatility, volatilityType
    const neutral = reader.text('deltaNeutralOrderType');
    reader.skip(1);
    if (neutral !== '') {
      reader.skip(8);
      if (neutral.toLowerCase() !== 'none') this.unsupported.push('deltaNeutralOrderType');
    }
    reader.skip(2); // continuousUpdate, referencePriceType
    const trailStopPrice = reader.decimal('trailStopPrice');
    const trailingPercent = reader.decimal('trailingPercent');
    this.#scale();
    if (this.#refuse('hedgeType')) reader.skip(1);
    reader.skip(4); // optOutSmartRouting, clearingAccount, clearingIntent, notHeld
    if (reader.flag('deltaNeutralContract')) {
      reader.skip(3);
      this.unsupported.push('deltaNeutralContract');
    }
    if (this.#refuse('algoStrategy')) reader.skip(2 * reader.integer('algoParamsCount', 0));
    reader.skip(1); // algoId
    return { ocaType, trailStopPrice, trailingPercent };
  }

  end() {
    const { reader, version } = this;
    const whatIf = reader.flag('whatIf');
    reader.skip(4); // orderMiscOptions, solicited, randomizeSize, randomizePrice
    const conditions = this.#conditions();
    this.#refuse('adjustedOrderType');
    reader.skip(6); // its dependent fields
    reader.skip(3); // extOperator, softDollarTier
    this.#refuse('cashQty');
    reader.skip(4); // MiFID II: decision maker, decision algo, trader, execution algo
    reader.skip(1); // dontUseAutoPriceForHedge
    this.#refuse('isOmsContainer', 'discretionaryUpToLimitPrice');
    reader.skip(1); // usePriceMgmtAlgo
    if (version >= SINCE.DURATION) this.#refuse('duration');
    // What follows to the end of the message changes neither when nor how an order fills.
    return { whatIf, conditions };
  }

  #scale(): void {
    const { reader } = this;
    this.#refuse('scaleInitLevelSize', 'scaleSubsLevelSize');
    if (this.#refuse('scalePriceIncrement')) reader.skip(7);
    this.#refuse('scaleTable');
    reader.skip(2); // activeStartTime, activeStopTime
  }

  #conditions(): WireCondition[] {
    const { reader } = this;
    const count = reader.integer('number of conditions', 0);
    const conditions: WireCondition[] = [];
    for (let n = 0; n < count; n += 1) {
      const type = reader.integer('condition type', 0);
      const and = reader.text('conjunction').toLowerCase() === 'a';
      const place = { conId: 0, exchange: '', triggerMethod: '' };
      if (type === 1) {
        const isMore = reader.flag('isMore');
        const value = reader.decimal('condition price');
        const conId = reader.integer('condition conId', 0);
        const exchange = reader.text('condition exchange');
        const triggerMethod = reader.text('condition triggerMethod');
        conditions.push({ kind: 'PRICE', and, isMore, value, conId, exchange, triggerMethod });
      } else if (type === 3) {
        const isMore = reader.flag('isMore');
        const value = reader.text('condition time');
        conditions.push({ kind: 'TIME', and, isMore, value, ...place });
      } else {
        this.unsupported.push(`conditions of type ${type}`);
        reader.skip(type === 4 ? 2 : type === 5 ? 3 : 4);
      }
    }
    if (count > 0) {
      reader.skip(1); // conditionsIgnoreRth: there is nothing but regular hours here
      this.#refuse('conditionsCancelOrder');
    }
    return conditions;
  }

  /** Reads fields that must be empty here; says whether the last of them is not empty. */
  #refuse(...names: string[]): boolean {
    let last = '';
    for (const name of names) {
      last = this.reader.text(name);
      if (!SILENT.has(last) && !last.startsWith('1.7976931348623157')) this.unsupported.push(name);
    }
    return last !== '';
  }
}
