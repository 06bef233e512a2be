/** Maps an order to the API. Its decision and fills are asked of the history by its resolver. */
import { isZero, minus, perUnit, price } from '../domain/decimal';
import type { Order, OrderRole, OrderStatus, OrderType, Side } from '../domain/order';
import type { TimeInForce } from '../domain/order';
import { kindOf } from '../domain/price-source';
import { isOnStage } from '../engine/core/staging';
import type { ApiInstrument } from '../schema/instrument';
import { bracketOf, entryOfBracket } from '../engine/core/brackets';
import { secondOf } from '../engine/core/flips';
import type { ApiBracket, ApiFlip, ApiOrder, ApiRefusedExit } from '../schema/order';
import type { ApiAccount, ApiStrategy } from '../schema/position';
import type { Amount } from '../schema/scalars';
import type { ApiTrigger, ApiWaiting } from '../schema/trigger';
import type { Views } from './views';
import { waitingOf } from './waiting.view';

export class OrderView implements ApiOrder {
  readonly typeName = 'Order';

  constructor(
    private readonly views: Views,
    /** What it shows; no part of the API. */
    readonly shown: Order,
  ) {}

  get id(): string {
    return this.shown.id;
  }
  get requestId(): string {
    return this.shown.requestId;
  }
  get strategy(): ApiStrategy {
    return this.views.strategy(this.shown.strategy);
  }
  get account(): ApiAccount {
    return this.views.account(this.shown.account);
  }
  get instrument(): ApiInstrument {
    return this.views.instrument(this.shown.instrument);
  }
  get role(): OrderRole {
    return this.shown.role;
  }
  get side(): Side {
    return this.shown.side;
  }
  get type(): OrderType {
    return this.shown.type;
  }
  get timeInForce(): TimeInForce {
    return this.shown.timeInForce;
  }
  get quantity(): Amount {
    return this.shown.quantity;
  }
  get filledQuantity(): Amount {
    return this.shown.filledQuantity;
  }
  get limitPrice(): Amount | null {
    return this.shown.limitPrice;
  }
  get stopPrice(): Amount | null {
    return this.shown.stopPrice;
  }
  get trailBy(): Amount | null {
    return this.shown.trail?.trailBy ?? null;
  }
  get trailPercent(): string | null {
    return this.shown.trail?.trailPercent ?? null;
  }
  get averageFillPrice(): Amount | null {
    const { filledQuantity, filledValue } = this.shown;
    return isZero(filledQuantity) ? null : perUnit(filledValue, filledQuantity);
  }
  get status(): OrderStatus {
    return this.shown.status;
  }
  get trigger(): ApiTrigger | null {
    const { trigger, status, instrument } = this.shown;
    if (trigger === null) return null;
    const { market } = this.views.engine;
    const waits = status === 'ARMED';
    const last = waits ? market.latest(instrument, kindOf(this.shown)) : undefined;
    const distance = last === undefined ? null : minus(trigger.level, price(last.priceText));
    const { trailBy = null, activateAt = null, bestPrice = null } = trigger.trail ?? {};
    const trailPercent = trigger.trail?.trailPercent ?? null;
    const priceSource = trigger.priceSource ?? 'LAST';
    return { ...trigger, priceSource, distance, trailBy, trailPercent, activateAt, bestPrice };
  }
  get waiting(): ApiWaiting | null {
    return waitingOf(this.views, this.shown);
  }
  get releaseAt(): number | null {
    return isOnStage(this.shown) ? (this.shown.staged?.releaseAt ?? null) : null;
  }
  get heldInsteadOf(): ApiRefusedExit | null {
    return this.shown.insteadOf ?? null;
  }
  get flip(): ApiFlip | null {
    const { flip } = this.shown;
    if (flip === undefined) return null;
    return { ...flip, order: secondOf(this.views.state, this.shown)?.id ?? null };
  }
  get flipOf(): string | null {
    return this.shown.flipOf ?? null;
  }
  get bracket(): ApiBracket | null {
    const shown = bracketOf(this.views.state, this.shown);
    if (shown === null) return null;
    return { ...shown, exits: shown.exits.map((exit) => this.views.order(exit)) };
  }
  get bracketOf(): string | null {
    return entryOfBracket(this.views.state, this.shown)?.id ?? null;
  }
  get ocaGroup(): string | null {
    return this.shown.ocaGroup;
  }
  get source(): string | null {
    return this.shown.source;
  }
  get statusMessage(): string | null {
    return this.shown.statusMessage;
  }
  get brokerOrderId(): number | null {
    return this.shown.sending?.brokerOrderId ?? null;
  }
  get permId(): string | null {
    return this.shown.permId;
  }
  get createdAt(): number {
    return this.shown.createdAt;
  }
  get updatedAt(): number {
    return this.shown.updatedAt;
  }
}
