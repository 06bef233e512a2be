/** Maps one symbol of an instruction file to the API: its verdict and how far it has come. */
import { NO_QUANTITY } from '../domain/decimal';
import type { Finding, InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { PlanSpec } from '../domain/plan';
import type { PlanState } from '../domain/plan-state';
import type { PriceSource } from '../domain/price-source';
import type { WorstCase } from '../domain/worst-case';
import { planProgress, type PlanProgress } from '../engine/core/plan-progress';
import { ordersOfAllCycles } from '../engine/core/state';
import { worstCasesOf } from '../engine/core/worst-case';
import type { ApiInstructionSymbol } from '../schema/instruction-file';
import type { ApiMoney } from '../schema/node';
import type { ApiOrder } from '../schema/order';
import type { Amount } from '../schema/scalars';
import type { ApiInstructionWorstCase } from '../schema/worst-case';
import { moneyOrNull } from './money';
import type { Views } from './views';
import { worstCaseView } from './worst-case.view';

type SymbolRecord = InstructionFileRecord['symbols'][number];

interface Of {
  readonly record: SymbolRecord;
  /** The orders where they are not in the books, as in a dry run. */
  readonly given: readonly Order[] | null;
  /** Likewise what it can come to at worst. */
  readonly worst: (() => readonly WorstCase[]) | null;
}

export class InstructionSymbolView implements ApiInstructionSymbol {
  #progress: PlanProgress | null | undefined;

  constructor(
    private readonly views: Views,
    private readonly file: InstructionFileRecord,
    private readonly of: Of,
  ) {}

  get symbol(): string {
    return this.of.record.symbol;
  }
  get accepted(): boolean {
    return this.of.record.accepted;
  }
  get orders(): readonly ApiOrder[] {
    return this.#orders().map((order) => this.views.order(order));
  }
  get worstCase(): readonly ApiInstructionWorstCase[] {
    const place = { account: this.file.account, instrument: this.symbol };
    return this.#worst().map((worst) => worstCaseView(this.views, worst, place));
  }
  get findings(): readonly Finding[] {
    const place = `/${this.symbol}`;
    return this.file.findings.filter(({ pointer }) => {
      const named = pointer?.slice(0, place.length + 1).toUpperCase();
      return named === place || named === `${place}/`;
    });
  }
  get settings(): object | null {
    const { plan } = this.of.record;
    const spec = plan === null ? undefined : this.views.state.plans.get(plan)?.spec;
    return spec === undefined ? null : settingWords(spec);
  }
  get state(): PlanState | null {
    return this.accepted ? (this.#read()?.state ?? null) : 'REFUSED';
  }
  get reason(): string | null {
    if (this.accepted) return this.#read()?.reason ?? null;
    const errors = this.findings.filter(({ severity }) => severity === 'ERROR');
    return errors.map(({ code, message }) => `${code}: ${message}`).join(' | ') || null;
  }
  get cycles(): number {
    return this.#read()?.cycles ?? 0;
  }
  get maxCycles(): number | null {
    return this.#read()?.maxCycles ?? null;
  }
  get enteredQuantity(): Amount {
    return this.#read()?.entered ?? NO_QUANTITY;
  }
  get exitedQuantity(): Amount {
    return this.#read()?.exited ?? NO_QUANTITY;
  }
  get realized(): ApiMoney | null {
    const { entry, realized = null } = this.#read() ?? {};
    if (entry === null || entry === undefined) return null;
    return moneyOrNull(realized, this.views.instrument(entry.instrument).currency);
  }
  get entry(): ApiOrder | null {
    return this.#viewOf(this.#read()?.entry);
  }
  get exit(): ApiOrder | null {
    return this.#viewOf(this.#read()?.exit);
  }

  #viewOf(order: Order | null | undefined): ApiOrder | null {
    return order === null || order === undefined ? null : this.views.order(order);
  }
  #orders(): readonly Order[] {
    const { record, given } = this.of;
    if (given !== null) return given;
    return record.plan === null ? [] : ordersOfAllCycles(this.views.state, record.plan);
  }
  #worst(): readonly WorstCase[] {
    const { record, worst } = this.of;
    if (worst !== null) return worst();
    const plan = record.plan === null ? undefined : this.views.state.plans.get(record.plan);
    return plan === undefined ? [] : worstCasesOf(plan.spec);
  }
  /** Read once: every field of an answer is of the same moment. */
  #read(): PlanProgress | null {
    const { plan } = this.of.record;
    this.#progress ??= plan === null ? null : planProgress(this.views.state, plan);
    return this.#progress;
  }
}

/** In the words of a file. */
function settingWords(spec: PlanSpec): object {
  const { exitQuantity, cycles, onClose = 'KEEP', ocaRelease = 'TRIGGER' } = spec.settings;
  const source = sourceOf(spec);
  return {
    exitQty: exitQuantity.toLowerCase(),
    rearm: cycles > 1 ? 'onFlat' : 'never',
    ...(cycles > 1 && { maxCycles: cycles }),
    ...{ onClose: onClose.toLowerCase(), ocaRelease: ocaRelease.toLowerCase() },
    ...(source !== null && { priceSource: source.toLowerCase().replace('_', '-') }),
  };
}

/** The price that all of its orders look at; null where they look at different ones. */
function sourceOf({ entries, ifLong, ifShort }: PlanSpec): PriceSource | null {
  const legs = [...entries, ...ifLong, ...ifShort];
  const named = legs.map(({ priceSource }): PriceSource => priceSource ?? 'LAST');
  const [first = null, ...others] = new Set(named);
  return others.length === 0 ? first : null;
}
