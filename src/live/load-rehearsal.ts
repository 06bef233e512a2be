/**
 * What loading a file would do, symbol by symbol and in parts, so that fills and prices come in
 * between: a file of the largest size is far more than one turn of the event loop may hold. Must
 * not change anything.
 */
import type { InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { Refusal } from '../domain/refusal';
import { loadFault } from '../engine/core/decide-instructions';
import type { Engine } from '../engine/loop';
import { Breath } from '../instructions/breath';
import { portionsOf, type LoadCommand } from './instruction-parts';

export interface Rehearsal {
  /** As it would be recorded; null where it is refused. */
  readonly file: Omit<InstructionFileRecord, 'id'> | null;
  /** What would be armed, under ids that nothing has yet. */
  readonly orders: readonly Order[];
  readonly refusal: Refusal | null;
}

type RehearsingEngine = Pick<Engine, 'state' | 'rehearse'>;

/** Refused as a whole or not at all, as the load itself is. */
export async function rehearseLoad(
  engine: RehearsingEngine,
  command: LoadCommand,
  at: number,
): Promise<Rehearsal> {
  const fault = loadFault(engine.state, command);
  if (fault !== null) return { file: null, orders: [], refusal: fault };
  const { fileName, contentHash, strategy, account, tradingDate } = command;
  const findings = [...(command.findings ?? [])];
  const symbols: InstructionFileRecord['symbols'][number][] = [];
  const orders: Order[] = [];
  const breath = new Breath();
  let plans = 0;
  for (const portion of portionsOf(command.plans)) {
    await breath.draw();
    const { state } = engine;
    const { ordersMade, plansMade } = state;
    const ahead = { ordersMade: ordersMade + orders.length, plansMade: plansMade + plans };
    const part = { ...command, plans: portion, findings: [], refusedSymbols: [] };
    const made = { ...state, ...ahead, files: new Map() };
    const { events, refusal } = await engine.rehearse(part, at, made);
    if (refusal !== null) return { file: null, orders: [], refusal };
    for (const event of events) {
      if (event.type === 'OrderArmed') orders.push(event.order);
      if (event.type === 'PlanCreated') plans += 1;
      if (event.type !== 'InstructionsRecorded') continue;
      symbols.push(...event.file.symbols);
      findings.push(...event.file.findings);
    }
  }
  for (const symbol of command.refusedSymbols ?? []) {
    symbols.push({ symbol, accepted: false, plan: null });
  }
  const named = { fileName, contentHash, strategy, account, tradingDate };
  return { file: { ...named, accepted: true, symbols, findings, at }, orders, refusal: null };
}
