/**
 * A checked file as texts of a bounded size, to hand it from one thread to another: decimals do
 * not survive as objects, and the whole at once would hold up the thread that takes it. Must not
 * know threads.
 */
import { decodeStored } from '../domain/event-codec';
import type { CheckedFile, CheckedSymbol, Finding } from '../domain/instruction';
import { Breath } from './breath';

export interface PackedFile extends Omit<CheckedFile, 'symbols' | 'findings'> {
  /** Lists as JSON texts. */
  readonly symbols: readonly string[];
  readonly findings: readonly string[];
}

/** Characters after which a text is full. */
const FULL = 16 * 1024;

export function packed({ symbols, findings, ...rest }: CheckedFile): PackedFile {
  return { ...rest, symbols: texts(symbols), findings: texts(findings) };
}

/** In portions: orders and prices come in between. */
export async function unpacked({ symbols, findings, ...rest }: PackedFile): Promise<CheckedFile> {
  const breath = new Breath();
  return {
    ...rest,
    symbols: await valuesOf<CheckedSymbol>(symbols, breath),
    findings: await valuesOf<Finding>(findings, breath),
  };
}

function texts(values: readonly unknown[]): string[] {
  const full: string[] = [];
  let parts: string[] = [];
  let length = 0;
  for (const value of values) {
    const part = JSON.stringify(value);
    parts.push(part);
    length += part.length;
    if (length < FULL) continue;
    full.push(`[${parts.join(',')}]`);
    [parts, length] = [[], 0];
  }
  if (parts.length > 0) full.push(`[${parts.join(',')}]`);
  return full;
}

async function valuesOf<T>(given: readonly string[], breath: Breath): Promise<readonly T[]> {
  const values: T[] = [];
  for (const text of given) {
    await breath.draw();
    values.push(...decodeStored<T[]>(text));
  }
  return values;
}
