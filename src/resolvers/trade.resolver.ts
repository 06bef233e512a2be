/** Placing, changing and cancelling orders, and asking beforehand what the rules would say. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { isFinal, type Order } from '../domain/order';
import type { Decision, RuleCheck } from '../domain/verdict';
import { CancelOrderInput, ModifyOrderInput, OrderInput, PlaceOrderInput } from '../schema/inputs';
import { CancelOrderPayload, ModifyOrderPayload, PlaceOrderPayload } from '../schema/payloads';
import type { ApiUserError } from '../schema/payloads';
import { ApiDecision } from '../schema/rules';
import { requestIdFault } from './checks';
import type { ApiContext } from './context';
import { meetInstrument } from './find';
import { readModify, readOrder } from './order-input';
import { previewed } from './preview';
import { withAuction } from './staging';
import { fault, Faults, refusalError, refuseInput } from './user-errors';
import { viewsOf } from './views';

const edgeOf = ({ desk }: ApiContext) => ({ id: desk.commandId(), at: desk.now() });

@Resolver()
export class TradeResolver {
  @Query(() => ApiDecision, { description: 'Evaluates the rules and sends nothing.' })
  async previewOrder(
    @Arg('order', () => OrderInput, { description: 'What would be wanted.' }) order: OrderInput,
    @Ctx() context: ApiContext,
  ): Promise<ApiDecision> {
    const { engine, desk } = context;
    await meetInstrument(context, order.instrument);
    const read = readOrder(engine.state, order, {
      ...{ requestId: 'preview', base: ['order'] },
      desk,
    });
    if ('errors' in read) return refuseInput(read.errors);
    const command = await withAuction(context, read.command);
    if ('code' in command) return refuseInput([refusalError(command, (name) => ['order', name])]);
    const decision = await previewed(engine, command, desk.now());
    if ('code' in decision) {
      return refuseInput([refusalError(decision, (name) => ['order', ...name.split('.')])]);
    }
    return viewsOf(context).decision(decision);
  }

  @Mutation(() => PlaceOrderPayload, {
    description:
      'A denied order comes back with status DENIED, its decision, and a RISK_DENIED user error.',
  })
  async placeOrder(
    @Arg('input', () => PlaceOrderInput, { description: 'The order and its request id.' })
    input: PlaceOrderInput,
    @Ctx() context: ApiContext,
  ): Promise<PlaceOrderPayload> {
    const { requestId } = input;
    const { state } = context.engine;
    const faults = new Faults(['input']);
    faults.check('requestId', requestIdFault(requestId));
    if (!faults.any) await meetInstrument(context, input.order.instrument);
    const read = readOrder(state, input.order, {
      ...{ requestId, base: ['input', 'order'] },
      desk: context.desk,
    });
    const errors = 'errors' in read ? read.errors : [];
    if ('errors' in read || faults.any) {
      return { order: null, userErrors: [...faults.errors, ...errors] };
    }
    const command = await withAuction(context, read.command);
    const refusal =
      'code' in command ? command : await context.engine.execute(command, edgeOf(context));
    if (refusal !== null) {
      return { order: null, userErrors: [refusalError(refusal, placePath)] };
    }
    const order = state.orders.get(state.requests.get(requestId) ?? '');
    if (order === undefined) throw new Error(`no order came of the request ${requestId}`);
    const userErrors = await denialErrors(context, order);
    return { order: viewsOf(context).order(order), userErrors };
  }

  @Mutation(() => ModifyOrderPayload, {
    description:
      'Changes quantity, prices or the level of an order. The broker confirms it later; an ARMED ' +
      'order is changed at once.',
  })
  async modifyOrder(
    @Arg('input', () => ModifyOrderInput, { description: 'The order and what changes.' })
    input: ModifyOrderInput,
    @Ctx() context: ApiContext,
  ): Promise<ModifyOrderPayload> {
    const order = orderView(context, input.orderId);
    const read = readModify(context.engine.state, input);
    if ('errors' in read) return { order, userErrors: read.errors };
    const refusal = await context.engine.execute(read.command, edgeOf(context));
    const userErrors = refusal === null ? [] : [refusalError(refusal, orderPath)];
    return { order: orderView(context, input.orderId), userErrors };
  }

  @Mutation(() => CancelOrderPayload, {
    description:
      'Cancels an order, armed or at the broker. Safe to repeat. For an UNKNOWN order a ' +
      'NOT_CONNECTED user error says what its end waits for.',
  })
  async cancelOrder(
    @Arg('input', () => CancelOrderInput, { description: 'The order.' }) input: CancelOrderInput,
    @Ctx() context: ApiContext,
  ): Promise<CancelOrderPayload> {
    const known = context.engine.state.orders.get(input.orderId);
    const faults = new Faults(['input']);
    if (known === undefined) {
      faults.add('orderId', fault('NOT_FOUND', 'There is no order of this id.'));
    } else if (isFinal(known)) {
      const message = `The order is ${known.status}: there is nothing left to cancel.`;
      faults.add('orderId', fault('NOT_CANCELLABLE', message));
    }
    if (known === undefined || faults.any) {
      return { order: orderView(context, input.orderId), userErrors: faults.errors };
    }
    const reason = `cancelled by ${context.principal ?? 'graphql'}`;
    const command = { kind: 'CANCEL_ORDER', order: known.id, reason } as const;
    const refusal = await context.engine.execute(command, edgeOf(context));
    const userErrors = refusal === null ? [] : [refusalError(refusal, orderPath)];
    return { order: orderView(context, known.id), userErrors };
  }
}

const placePath = (field: string): readonly string[] =>
  field === 'requestId' ? ['input', field] : ['input', 'order', ...field.split('.')];
const NAMES: Readonly<Record<string, string>> = { order: 'orderId', level: 'triggerLevel' };
const orderPath = (field: string): readonly string[] => ['input', NAMES[field] ?? field];

function orderView(context: ApiContext, id: string) {
  return viewsOf(context).orderOfId(id);
}

/** Hard limits with a user error of their own, where nothing else stood against the order. */
const OWN_CODES: Readonly<Record<string, ApiUserError['code']>> = {
  H1: 'TRADING_HALTED',
  H3: 'NOT_CONNECTED',
};

/** Each code once. Without a link prices grow old by themselves, which is no reason of its own. */
function reasonsOf({ checks, codes }: Decision): readonly string[] {
  const failed = checks.filter(({ outcome, effect }) => outcome === 'FAILED' && effect === 'DENY');
  const keys = failed.map(({ ruleKey }) => ruleKey);
  if (!keys.includes('H3')) return codes;
  const isOfAge = ({ conditions }: RuleCheck): boolean =>
    conditions.length > 0 && conditions.every(({ fact }) => fact === 'priceAgeMs');
  const reasons = failed.filter((check) => !isOfAge(check)).map(({ ruleKey }) => ruleKey);
  return [...new Set(reasons)];
}

/** What a denied order says beside itself; nothing for any other. */
async function denialErrors(context: ApiContext, order: Order): Promise<readonly ApiUserError[]> {
  if (order.status !== 'DENIED') return [];
  const decision = order.decision === null ? null : await context.history.decision(order.decision);
  const codes = decision?.codes ?? [];
  const [only, ...others] = decision === null ? [] : reasonsOf(decision);
  const own = only !== undefined && others.length === 0 ? OWN_CODES[only] : undefined;
  const message = order.statusMessage ?? `Denied: ${codes.join(', ')}`;
  return [{ code: own ?? 'RISK_DENIED', message, field: null }];
}
