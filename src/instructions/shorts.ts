/** What a file asks of a strategy that may not sell short. Must not know the engine. */
import { toText } from '../domain/decimal';
import type { Finding } from '../domain/instruction';
import type { PlanSpec } from '../domain/plan';

/** A warning for each entry that would be denied; the rest of the file is not touched by it. */
export function shortFindings(
  plans: readonly { readonly spec: PlanSpec }[],
  strategy: string,
): Finding[] {
  return plans.flatMap(({ spec }) => {
    const { symbol, ifShort } = spec;
    const sells = spec.entries.filter(({ side }) => side === 'SELL');
    return sells.map(({ leg, price, pointer }): Finding => {
      const at = price === null ? '' : ` at ${toText(price)}`;
      const rest = ifShort.length === 0 ? '' : ' "Orders if Short" never arm then.';
      const message =
        `${symbol} ${leg} sells${at}, and strategy ${strategy} may not sell short: where it ` +
        `holds none, the entry is denied when it fires.${rest}`;
      const place = { pointer, line: null, column: null, proposal: null };
      return { severity: 'WARNING', code: 'SHORT_NOT_ALLOWED', message, ...place };
    });
  });
}
